"use client";

import { useState } from "react";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { StateBadge } from "@/components/runs/state-badge";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { useApplyDeletion, useApplyPlan } from "@/lib/client/plans";
import type { PlanView } from "@/lib/contracts/cleanup";
import { runsOf } from "./plan-words";

type PlanDialogProps = { plan: PlanView; open: boolean; onOpenChange: (open: boolean) => void };

export function ApplyDialog({ plan, open, onOpenChange }: PlanDialogProps) {
  const close = () => onOpenChange(false);
  const clean = plan.kind === "cleanup";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={clean ? `Clean up ${runsOf(plan.counts.planned)}?` : `Delete ${runsOf(plan.counts.planned)}?`}
    >
      {clean ? <ApplyForm plan={plan} close={close} /> : <ApplyDeletionForm plan={plan} close={close} />}
    </Dialog>
  );
}

function ApplyForm({ plan, close }: { plan: PlanView; close: () => void }) {
  const apply = useApplyPlan(plan.id, close);
  return (
    <ConfirmForm
      reasonHint="Kept with the plan and in the audit record."
      button={`Clean up ${runsOf(plan.counts.planned)}`}
      action={apply}
      refused="It was not applied"
      onConfirm={apply.mutate}
      close={close}
    >
      <WillBecome now={<StateBadge state="interrupted" />}>
        <StateBadge state="cleaned" />
      </WillBecome>
      <p className="text-sm text-muted">
        Each run is looked at again first, and skipped with the reason if it came alive, made progress or was
        resumed. No process is ended, nothing is deleted: logs, checkpoints and records stay. It can be
        undone, whole or for one run.
      </p>
    </ConfirmForm>
  );
}

function ApplyDeletionForm({ plan, close }: { plan: PlanView; close: () => void }) {
  const [typed, setTyped] = useState("");
  const apply = useApplyDeletion(plan.id, close);
  const job = plan.jobs[0] ?? "";
  return (
    <ConfirmForm
      reasonHint="Kept with the plan."
      button={`Delete ${runsOf(plan.counts.planned)}`}
      dangerous
      disabled={typed !== job}
      action={apply}
      refused="It was not applied"
      onConfirm={({ reason }) =>
        apply.mutate({ confirm: typed, ...(reason === undefined ? {} : { reason }) })
      }
      close={close}
    >
      <WillBecome now={<span className="text-sm">{runsOf(plan.counts.planned)} that are over</span>}>
        <span className="text-sm font-medium text-bad">gone for good</span>
      </WillBecome>
      <p className="text-sm text-muted">
        Their records, logs and checkpoints are removed for good: this cannot be undone. Active runs, and runs
        that others may still resume, are refused. The job itself and its settings stay.
      </p>
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
    </ConfirmForm>
  );
}
