"use client";

import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { NeverRan, StateBadge } from "@/components/runs/state-badge";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions, DialogBody } from "@/components/ui/dialog";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { useResetJob } from "@/lib/client/jobs";
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
      description="Looks at the real processes and puts the job back to where it can be started. Nothing that is alive is forgotten: without force it is left alone."
    >
      <ResetForm status={status} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

/** Mounted with the dialog, so that every opening begins without force. */
function ResetForm({ status, close }: { status: StatusView; close: () => void }) {
  const [force, setForce] = useState(false);
  const [reason, setReason] = useState("");
  const reset = useResetJob(status.job, ({ detail }) => {
    toast(detail);
    close();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        reset.mutate({ ...(force ? { force } : {}), ...(reason.trim() === "" ? {} : { reason }) });
      }}
    >
      <DialogBody>
        <WillBecome status={status} force={force} />
        <p className="text-sm text-muted">
          A run whose processes are proven gone gets its true end; a stale pid file is removed. Logs,
          checkpoints and collected data are kept.
        </p>
        <Field label="Reason" optional hint="Kept in the audit record.">
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
          hint="If it is alive, ends the whole process tree at once first. Work since its last checkpoint is lost, and it gets no chance to close files or save."
          checked={force}
          onChange={(event) => setForce(event.target.checked)}
        />
        <ProblemNotice error={reset.error} title="It was not reset" />
      </DialogBody>
      <DialogActions>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look={force ? "danger-main" : "main"} busy={reset.isPending}>
          {force ? "Force reset" : "Reset"}
        </Button>
      </DialogActions>
    </form>
  );
}

function WillBecome({ status: { run, foreign }, force }: { status: StatusView; force: boolean }) {
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md bg-raised px-3 py-2 text-sm">
      {run === null ? <NeverRan /> : <StateBadge state={run.state} />}
      <ForeignBadge foreign={foreign} />
      <ArrowRight role="img" aria-label="will become" className="size-3.5 text-faint" />
      <span className="text-muted">{outcome(run, foreign !== null, force)}</span>
    </div>
  );
}

function outcome(run: RunView | null, outside: boolean, force: boolean): string {
  const active = run !== null && isActive(run.state);
  if (force && (active || outside)) return "ended if it is alive, then ready to start";
  if (run?.state === "queued") return "taken out of the queue, ready to start";
  if (active) return "ready to start if its processes are gone, else as it is";
  return outside ? "as it is" : "ready to start, as it is now";
}
