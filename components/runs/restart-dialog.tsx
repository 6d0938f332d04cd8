"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
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
      description="The run that is there is told to stop and given its grace time. When its processes are gone, a new run begins. Nothing is forced; log and checkpoint are kept."
    >
      <RestartForm job={job} title={title} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function RestartForm({ job, title, close }: { job: string; title: string; close: () => void }) {
  const [reason, setReason] = useState("");
  const restart = useRestartJob(job, {
    onDone: () => {
      toast(`${title} is being restarted`);
      close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        restart.mutate(reason.trim() === "" ? {} : { reason });
      }}
    >
      <DialogBody>
        <Field label="Reason" optional hint="Kept with the run.">
          {(control) => (
            <Input
              {...control}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <ProblemNotice error={restart.error} title="It was not restarted" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="main" busy={restart.isPending}>
          Restart
        </Button>
      </DialogActions>
    </form>
  );
}
