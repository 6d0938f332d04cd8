"use client";

import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { NeverRan, StateBadge } from "@/components/runs/state-badge";
import { Dialog } from "@/components/ui/dialog";
import { useResetJob } from "@/lib/client/jobs";
import { useMay } from "@/lib/client/may";
import type { RunView } from "@/lib/contracts/run";
import type { StatusView } from "@/lib/contracts/status";
import { isActive } from "@/lib/domain/run";
import { ForeignBadge } from "./foreign-badge";

type ResetDialogProps = { status: StatusView; open: boolean; onOpenChange: (open: boolean) => void };

export function ResetDialog({ status, open, onOpenChange }: ResetDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Reset ${status.title}?`}
      description="Looks at the real processes and puts the job back to where it can be started. Nothing that is alive is forgotten: without force, which only admins have, it is left alone."
    >
      <ResetForm status={status} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function ResetForm({ status, close }: { status: StatusView; close: () => void }) {
  const { run, foreign } = status;
  const reset = useResetJob(status.job, ({ detail }) => {
    toast(detail);
    close();
  });
  const forces = useMay().may("admin", null);
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      force={
        forces
          ? {
              cost: "If it is alive, immediately ends the whole process tree first. Work since its last checkpoint is lost, and it gets no chance to close files or save.",
              button: "Force reset",
            }
          : undefined
      }
      button="Reset"
      action={reset}
      refused="It was not reset"
      onConfirm={reset.mutate}
      close={close}
    >
      {(force) => (
        <>
          <WillBecome
            now={
              <>
                {run === null ? <NeverRan /> : <StateBadge state={run.state} />}
                <ForeignBadge foreign={foreign} />
              </>
            }
          >
            <span className="text-muted">{outcomeOf(run, foreign !== null, force)}</span>
          </WillBecome>
          <p className="text-sm text-muted">
            A run whose processes are proven gone gets its true end; a stale pid file is removed. Logs,
            checkpoints and collected data are kept.
          </p>
        </>
      )}
    </ConfirmForm>
  );
}

function outcomeOf(run: RunView | null, outside: boolean, force: boolean): string {
  const active = run !== null && isActive(run.state);
  if (force && (active || outside)) return "ended if it is alive, then ready to start";
  if (run?.state === "queued") return "taken out of the queue, ready to start";
  if (active) return "ready to start if its processes are gone, else as it is";
  return outside ? "as it is" : "ready to start, as it is now";
}
