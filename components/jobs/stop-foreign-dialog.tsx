"use client";

import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Ago } from "@/components/time/ago";
import { Dialog } from "@/components/ui/dialog";
import { useStopForeign } from "@/lib/client/jobs";
import { useMay } from "@/lib/client/may";
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
  const stop = useStopForeign(job, () => {
    toast(`${title}: process ${foreign.pid} is being stopped`);
    close();
  });
  const forces = useMay().may("admin", null);
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      force={
        forces
          ? {
              cost: "Immediately ends it and everything it started. It gets no chance to close files or save.",
              button: "Force stop",
            }
          : undefined
      }
      button="Stop it"
      disabled={(force) => foreign.stopping && !force}
      action={stop}
      refused="It was not stopped"
      onConfirm={stop.mutate}
      close={close}
    >
      <div className="rounded-md bg-raised px-3 py-2 text-sm">
        <code className="break-all">{foreign.command}</code>
        <p className="mt-1 text-xs text-muted">
          process {foreign.pid}, started <Ago at={foreign.startedAt} />
        </p>
      </div>
      <p className="text-sm text-muted">
        It and everything it started are asked to end and given the job’s grace time. There is no run of it
        here, so its end is not recorded; who stopped it, and why, is.
        {foreign.stopping && !forces && " It is being stopped already; only an admin can force it."}
      </p>
    </ConfirmForm>
  );
}
