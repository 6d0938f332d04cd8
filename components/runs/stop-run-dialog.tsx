"use client";

import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { Dialog } from "@/components/ui/dialog";
import { useStopJob } from "@/lib/client/jobs";
import { useMay } from "@/lib/client/may";
import type { RunView } from "@/lib/contracts/run";
import { isActive } from "@/lib/domain/run";
import { StateBadge } from "./state-badge";

type StopRunDialogProps = {
  run: RunView;
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function StopRunDialog({ run, title, open, onOpenChange }: StopRunDialogProps) {
  const forces = useMay().may("admin", null);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={run.state === "stopping" && forces ? `Force stop ${title}?` : `Stop ${title}?`}
    >
      <StopRunForm run={run} title={title} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function StopRunForm({ run, title, close }: { run: RunView; title: string; close: () => void }) {
  const stop = useStopJob(run.job, {
    onDone: (_, { force }) => {
      toast(force ? `${title}: force stop requested` : `${title}: stop requested`);
      close();
    },
  });
  const alreadyAsked = run.state === "stopping";
  const over = !isActive(run.state);
  const forces = useMay().may("admin", null);
  return (
    <ConfirmForm
      reasonHint="Kept with the run."
      force={
        forces
          ? {
              cost: "Ends the whole process tree immediately. Work since its last checkpoint is lost, and it gets no chance to close files or save.",
              button: "Force stop",
            }
          : undefined
      }
      outcome={
        over &&
        !stop.isError && (
          <p className="text-sm font-medium">It has ended meanwhile; there is nothing to stop.</p>
        )
      }
      button={alreadyAsked && forces ? "Force stop" : "Stop"}
      disabled={(force) => over || (alreadyAsked && !force)}
      action={stop}
      refused="It was not stopped"
      onConfirm={stop.mutate}
      close={close}
    >
      <WillBecome now={<StateBadge state={run.state} />}>
        {run.state !== "queued" && !alreadyAsked && <StateBadge state="stopping" />}
        <StateBadge state="stopped" />
      </WillBecome>
      <p className="text-sm text-muted">
        {alreadyAsked
          ? `It is stopping, within its grace period. Nothing more is needed unless it hangs${forces ? "." : "; then an admin can force it."}`
          : "It is asked to end and given its grace period. Its log, its checkpoint and what it has collected are kept; other jobs and the job’s settings are not touched."}
      </p>
    </ConfirmForm>
  );
}
