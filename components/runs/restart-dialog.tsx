"use client";

import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { Dialog } from "@/components/ui/dialog";
import { useRestartJob } from "@/lib/client/jobs";

type RestartDialogProps = {
  job: string;
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function RestartDialog({ job, title, open, onOpenChange }: RestartDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Restart ${title}?`}
      description="The active run is asked to stop and given its grace period. When its processes are gone, a new run starts with the same arguments and parameters. Nothing is forced; log and checkpoint are kept."
    >
      <RestartForm job={job} title={title} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function RestartForm({ job, title, close }: { job: string; title: string; close: () => void }) {
  const restart = useRestartJob(job, {
    onDone: () => {
      toast(`${title} is being restarted`);
      close();
    },
  });
  return (
    <ConfirmForm
      reasonHint="Kept with the run."
      button="Restart"
      action={restart}
      refused="It was not restarted"
      onConfirm={restart.mutate}
      close={close}
    />
  );
}
