"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { useStopForeign } from "@/lib/client/jobs";
import type { ForeignView } from "@/lib/contracts/status";

type StopForeignProps = { job: string; title: string; foreign: ForeignView };
type StopForeignDialogProps = StopForeignProps & { open: boolean; onOpenChange: (open: boolean) => void };

export function StopForeignDialog({ open, onOpenChange, ...rest }: StopForeignDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Stop process ${rest.foreign.pid}?`}
      description={`${rest.title} was started outside Unstuck: by hand, by cron or by a service manager. What started it may start it again.`}
    >
      <StopForeignForm {...rest} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function StopForeignForm({ job, title, foreign, close }: StopForeignProps & { close: () => void }) {
  const [force, setForce] = useState(false);
  const [reason, setReason] = useState("");
  const stop = useStopForeign(job, () => {
    toast(`${title}: process ${foreign.pid} was told to stop`);
    close();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        stop.mutate({ ...(force ? { force } : {}), ...(reason.trim() === "" ? {} : { reason }) });
      }}
    >
      <DialogBody>
        <div className="rounded-md bg-raised px-3 py-2 text-sm">
          <code className="break-all">{foreign.command}</code>
          <p className="mt-1 text-xs text-muted">
            process {foreign.pid}, started <Ago at={foreign.startedAt} />
          </p>
        </div>
        <p className="text-sm text-muted">
          It and everything it started are asked to end and given the job’s grace time. There is no run of it
          here, so its end is not recorded; who stopped it, and why, is.
        </p>
        <Field label="Reason" optional hint="Kept in the audit record.">
          {(control) => (
            <Input
              {...control}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Checkbox
          label="Force"
          hint="Ends it at once with everything it started. It gets no chance to close files or save."
          checked={force}
          onChange={(event) => setForce(event.target.checked)}
        />
        <ProblemNotice error={stop.error} title="It was not stopped" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look={force ? "danger-main" : "main"}
          busy={stop.isPending}
          disabled={foreign.stopping && !force}
        >
          {force ? "Force stop" : "Stop it"}
        </Button>
      </DialogActions>
    </form>
  );
}
