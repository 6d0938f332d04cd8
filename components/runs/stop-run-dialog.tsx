"use client";

import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { useStopJob } from "@/lib/client/jobs";
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
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Stop ${title}?`}>
      <StopRunForm run={run} title={title} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that every opening begins without force. */
function StopRunForm({ run, title, close }: { run: RunView; title: string; close: () => void }) {
  const [force, setForce] = useState(false);
  const [reason, setReason] = useState("");
  const stop = useStopJob(run.job, {
    onDone: () => {
      toast(force ? `${title} is being ended at once` : `${title} was told to stop`);
      close();
    },
  });
  const alreadyAsked = run.state === "stopping";
  const submit = () =>
    stop.mutate({ ...(force ? { force } : {}), ...(reason.trim() === "" ? {} : { reason }) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <DialogBody>
        <WillBecome run={run} />
        <p className="text-sm text-muted">
          {alreadyAsked
            ? "It has been told to stop and is winding down. Nothing more is needed unless it hangs."
            : "It is asked to end and given its grace time. Its log, its checkpoint and what it has collected are kept; other jobs and the job’s settings are not touched."}
        </p>
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
        <Checkbox
          label="Force"
          hint="Ends the whole process tree at once. Work since its last checkpoint is lost, and it gets no chance to close files or save."
          checked={force}
          onChange={(event) => setForce(event.target.checked)}
        />
        <ProblemNotice error={stop.error} title="It was not stopped" />
        {!isActive(run.state) && !stop.isError && (
          <p className="text-sm font-medium">It has ended meanwhile; there is nothing to stop.</p>
        )}
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look={force ? "danger-main" : "main"}
          busy={stop.isPending}
          disabled={!isActive(run.state) || (alreadyAsked && !force)}
        >
          {force ? "Force stop" : "Stop"}
        </Button>
      </DialogActions>
    </form>
  );
}

function WillBecome({ run }: { run: RunView }) {
  const steps =
    run.state === "queued"
      ? (["stopped"] as const)
      : run.state === "stopping"
        ? (["stopped"] as const)
        : (["stopping", "stopped"] as const);
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md bg-raised px-3 py-2">
      <StateBadge state={run.state} />
      {steps.map((state) => (
        <span key={state} className="inline-flex items-center gap-2">
          <ArrowRight role="img" aria-label="will become" className="size-3.5 text-faint" />
          <StateBadge state={state} />
        </span>
      ))}
    </div>
  );
}
