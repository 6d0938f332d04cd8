"use client";

import Link from "next/link";
import { useState } from "react";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { useTitles } from "@/components/jobs/use-titles";
import { StateBadge } from "@/components/runs/state-badge";
import { Dialog } from "@/components/ui/dialog";
import { type ResumeOutcome, useResumeAll } from "@/lib/client/stuck";
import type { StuckItemView } from "@/lib/contracts/stuck";

type ResumeAllDialogProps = {
  items: readonly StuckItemView[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function ResumeAllDialog({ items, open, onOpenChange }: ResumeAllDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Resume these runs?"
      description="Each resumes from its own checkpoint. What no longer can by then is refused with the reason; the rest is resumed."
    >
      <ResumeAllForm items={items} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

/** The list is frozen when the question is asked: what appears meanwhile is not resumed unseen. */
function ResumeAllForm({ items, close }: { items: readonly StuckItemView[]; close: () => void }) {
  const [frozen] = useState(items);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, ResumeOutcome>>(new Map());
  const resume = useResumeAll((outcome) =>
    setOutcomes((known) => new Map(known).set(outcome.item.run.id, outcome)),
  );
  return (
    <ConfirmForm
      reasonHint="Kept with each new run."
      button={`Resume ${frozen.length === 1 ? "1 run" : `${frozen.length} runs`}`}
      cancel={resume.isSuccess ? "Close" : "Cancel"}
      disabled={resume.isSuccess}
      action={resume}
      refused="They were not resumed"
      onConfirm={({ reason }) =>
        resume.mutate({ items: frozen, ...(reason === undefined ? {} : { reason }) })
      }
      close={close}
    >
      <WillBecome now={<StateBadge state="interrupted" />}>
        <span className="text-sm">
          a new run, <StateBadge state="queued" />
        </span>
      </WillBecome>
      <ul className="max-h-60 divide-y divide-line overflow-y-auto rounded-md border border-line text-sm">
        {frozen.map((item) => (
          <ResumeLine key={item.run.id} item={item} outcome={outcomes.get(item.run.id)} />
        ))}
      </ul>
      <p className="text-sm text-muted">
        The interrupted runs stay as they are and keep their logs. Nothing is cleaned up or deleted, and jobs
        that are already running are not started twice.
      </p>
    </ConfirmForm>
  );
}

function ResumeLine({ item, outcome }: { item: StuckItemView; outcome: ResumeOutcome | undefined }) {
  const titleOf = useTitles();
  const { begun, error } = outcome ?? {};
  return (
    <li className="px-3 py-2">
      <p className="font-medium wrap-anywhere">{titleOf(item.run.job)}</p>
      {outcome === undefined && <p className="text-xs text-muted">{item.sentence}</p>}
      {begun !== undefined && (
        <p className="text-xs text-muted">
          resumes in{" "}
          <Link href={`/runs/${begun.id}`} className="text-accent underline underline-offset-2">
            <code>{begun.id}</code>
          </Link>
        </p>
      )}
      {error !== undefined && (
        <p role="alert" className="text-xs font-medium text-bad">
          {error instanceof Error ? error.message : "It was refused."}
        </p>
      )}
    </li>
  );
}
