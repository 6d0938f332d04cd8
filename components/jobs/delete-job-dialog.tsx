"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { useDeleteJob } from "@/lib/client/jobs";

type DeleteJobDialogProps = { job: string; open: boolean; onOpenChange: (open: boolean) => void };

export function DeleteJobDialog({ job, open, onOpenChange }: DeleteJobDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${job}?`}
      description="The job leaves this dashboard together with the record of its runs. This cannot be undone. What its program wrote elsewhere is not touched, and a run that is active must be stopped first."
    >
      <DeleteJobForm job={job} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function DeleteJobForm({ job, close }: { job: string; close: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const remove = useDeleteJob(job, () => {
    toast(`${job} was deleted`);
    router.push("/jobs");
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === job) remove.mutate();
      }}
    >
      <DialogBody>
        <Field
          label={
            <>
              Type <code className="rounded-sm bg-raised px-1">{job}</code> to confirm
            </>
          }
        >
          {(control) => (
            <Input
              {...control}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
        <ProblemNotice error={remove.error} title="It was not deleted" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look="danger-main"
          busy={remove.isPending || remove.isSuccess}
          disabled={typed !== job}
        >
          Delete job
        </Button>
      </DialogActions>
    </form>
  );
}
