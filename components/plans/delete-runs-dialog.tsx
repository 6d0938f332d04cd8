"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useJobTitles } from "@/components/jobs/use-titles";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { useMakeDeletionPlan } from "@/lib/client/plans";

/** A hundred years, as the server has it. */
const MOST_DAYS = 36_500;

type DeleteRunsDialogProps = {
  /** Set where there is only one job to speak of. */
  job?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function DeleteRunsDialog({ job, open, onOpenChange }: DeleteRunsDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Plan a deletion of old runs"
      description="First comes a list of what would be deleted. Nothing is deleted before that list is applied, with the job’s name typed."
    >
      <DeleteRunsForm job={job} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

function DeleteRunsForm({ job: given, close }: { job: string | undefined; close: () => void }) {
  const router = useRouter();
  const jobs = useJobTitles();
  const [chosen, setChosen] = useState(given ?? "");
  const [days, setDays] = useState("90");
  const plan = useMakeDeletionPlan(({ id }) => router.push(`/cleanups/${id}`));
  const isDays = /^\d{1,5}$/.test(days.trim()) && Number(days) <= MOST_DAYS;
  const valid = chosen !== "" && isDays;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) plan.mutate({ job: chosen, olderThanHours: Number(days) * 24 });
      }}
    >
      <DialogBody>
        {given === undefined && (
          <Field label="Job">
            {(control) => (
              <Select {...control} value={chosen} onChange={(event) => setChosen(event.target.value)}>
                <option value="">Choose a job</option>
                {jobs.map(({ job, title }) => (
                  <option key={job} value={job}>
                    {title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field
          label="Ended more than this many days ago"
          hint="0: every run that is over."
          error={isDays ? undefined : `Whole days, from 0 to ${MOST_DAYS}.`}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={days}
              onChange={(event) => setDays(event.target.value)}
            />
          )}
        </Field>
        <ProblemNotice error={plan.error} title="No deletion was planned" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="main" busy={plan.isPending || plan.isSuccess} disabled={!valid}>
          Show what would be deleted
        </Button>
      </DialogActions>
    </form>
  );
}
