"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { StateBadge } from "@/components/runs/state-badge";
import { Dialog } from "@/components/ui/dialog";
import { useMay } from "@/lib/client/may";
import { type StrayView, useAdoptStray, useStopStray } from "@/lib/client/strays";

type StrayDialogProps = {
  stray: StrayView;
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function AdoptDialog({ stray, name, open, onOpenChange }: StrayDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Adopt ${name}?`}>
      <AdoptForm stray={stray} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function AdoptForm({ stray, close }: { stray: StrayView; close: () => void }) {
  const router = useRouter();
  const adopt = useAdoptStray(stray.id, (run) => {
    toast(`Process ${stray.pid} is watched over again`);
    close();
    router.push(`/runs/${run.id}`);
  });
  return (
    <ConfirmForm
      reasonHint="Kept with the new run."
      button="Adopt"
      action={adopt}
      refused="It was not adopted"
      onConfirm={adopt.mutate}
      close={close}
    >
      <WillBecome now={<Alone pid={stray.pid} />}>
        <span className="text-sm">
          a run, <StateBadge state="running" />
        </span>
      </WillBecome>
      <p className="text-sm text-muted">
        A new run takes the process over as it is: it is watched, can be stopped, and holds its job’s lock.
        The process itself is not touched and not restarted.
      </p>
      <p className="text-xs wrap-anywhere text-muted">{stray.sentence}</p>
    </ConfirmForm>
  );
}

export function StopStrayDialog({ stray, name, open, onOpenChange }: StrayDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Stop ${name}?`}>
      <StopStrayForm stray={stray} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function StopStrayForm({ stray, close }: { stray: StrayView; close: () => void }) {
  const stop = useStopStray(stray.id, () => {
    toast(`Process ${stray.pid} is being ended`);
    close();
  });
  const forces = useMay().may("admin", null);
  return (
    <ConfirmForm
      reasonHint="Kept in the audit record."
      force={
        forces
          ? {
              cost: "Ends all its processes immediately. It gets no chance to close files or save, and work since its last checkpoint is lost.",
              button: "Force stop",
            }
          : undefined
      }
      button="Stop"
      action={stop}
      refused="It was not stopped"
      onConfirm={stop.mutate}
      close={close}
    >
      <WillBecome now={<Alone pid={stray.pid} />}>
        <span className="text-sm">no process</span>
      </WillBecome>
      <p className="text-sm text-muted">
        It is asked to end{stray.processes > 1 ? `, with all its ${stray.processes} processes` : ""}. No run
        changes its state, and no other process is touched: before the signal it is made sure that the number
        still belongs to this process.
      </p>
    </ConfirmForm>
  );
}

function Alone({ pid }: { pid: number }) {
  return <span className="tabular text-sm">process {pid}, owned by no run</span>;
}
