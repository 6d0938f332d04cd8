"use client";

import { OctagonX } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
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
        description="Each gets its stop signal and its grace period. Logs, checkpoints and collected data are kept; nothing is forced, and no job is disabled."
      >
        <StopAllForm active={active} close={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function StopAllForm({ active, close }: { active: number; close: () => void }) {
  const stopAll = useStopAll(({ stopping, refused: not }) => {
    toast(`${stopping.length} ${stopping.length === 1 ? "run is" : "runs are"} being stopped`);
    if (not.length === 0) close();
  });
  const refused = stopAll.data?.refused ?? [];
  return (
    <ConfirmForm
      reasonHint="Kept with each run."
      outcome={
        refused.length > 0 && (
          <Notice tone="bad" title={`${refused.length} could not be stopped`}>
            {refused.map(({ runId, reason: why }) => (
              <p key={runId}>
                <code className="text-xs">{runId}</code>: {why}
              </p>
            ))}
          </Notice>
        )
      }
      button={active === 1 ? "Stop 1 run" : `Stop ${active} runs`}
      dangerous
      disabled={active === 0}
      cancel={refused.length > 0 ? "Close" : "Cancel"}
      action={stopAll}
      refused="Nothing was stopped"
      onConfirm={stopAll.mutate}
      close={close}
    />
  );
}
