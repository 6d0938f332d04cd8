"use client";

import { OctagonX } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useStopAll } from "@/lib/client/jobs";

/** Hidden while there is nothing to stop. @param props.active how many runs are active now */
export function StopAll({ active }: { active: number }) {
  const [open, setOpen] = useState(false);
  if (active === 0 && !open) return null;
  return (
    <>
      <Button look="danger" icon={<OctagonX aria-hidden />} onClick={() => setOpen(true)}>
        Stop all
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={active === 1 ? "Stop the one active run?" : `Stop all ${active} active runs?`}
        description="Each is told to stop and given its grace time. Logs, checkpoints and collected data are kept; nothing is forced, and no job is switched off."
      >
        <StopAllForm active={active} close={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function StopAllForm({ active, close }: { active: number; close: () => void }) {
  const [reason, setReason] = useState("");
  const stopAll = useStopAll(({ stopping, refused: not }) => {
    toast(`${stopping.length} ${stopping.length === 1 ? "run was" : "runs were"} told to stop`);
    if (not.length === 0) close();
  });
  const refused = stopAll.data?.refused ?? [];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        stopAll.mutate(reason.trim() === "" ? {} : { reason });
      }}
    >
      <DialogBody>
        <Field label="Reason" optional hint="Kept with each run.">
          {(control) => (
            <Input
              {...control}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {refused.length > 0 && (
          <Notice tone="bad" title={`${refused.length} could not be told to stop`}>
            {refused.map(({ runId, reason: why }) => (
              <p key={runId}>
                <code className="text-xs">{runId}</code>: {why}
              </p>
            ))}
          </Notice>
        )}
        <ProblemNotice error={stopAll.error} title="Nothing was stopped" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>{refused.length > 0 ? "Close" : "Cancel"}</Button>
        <Button type="submit" look="danger-main" busy={stopAll.isPending} disabled={active === 0}>
          {active === 1 ? "Stop 1 run" : `Stop ${active} runs`}
        </Button>
      </DialogActions>
    </form>
  );
}
