"use client";

import { useQuery } from "@tanstack/react-query";
import { toast } from "sonner";
import { ConfirmForm } from "@/components/confirm/confirm-form";
import { WillBecome } from "@/components/confirm/will-become";
import { useTitles } from "@/components/jobs/use-titles";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { StateBadge } from "@/components/runs/state-badge";
import { Dialog } from "@/components/ui/dialog";
import { undoPreviewQuery, useUndoPlan } from "@/lib/client/plans";
import type { UndoPreview } from "@/lib/contracts/cleanup";
import { runsOf, undoInWords } from "./plan-words";

type UndoDialogProps = {
  planId: string;
  /** These runs of the plan only; without it: all that were cleaned by it. */
  runs?: string[];
  count: number;
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

export function UndoDialog({ open, onOpenChange, ...rest }: UndoDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Undo the clean-up of ${runsOf(rest.count)}?`}>
      <UndoForm {...rest} close={() => onOpenChange(false)} />
    </Dialog>
  );
}

type UndoFormProps = Omit<UndoDialogProps, "open" | "onOpenChange"> & { close: () => void };

/** Nothing can be confirmed before the server has said what will happen to each run, and only that is done. */
function UndoForm({ planId, runs, count, close }: UndoFormProps) {
  const preview = useQuery(undoPreviewQuery(planId, runs ?? null));
  const undo = useUndoPlan(planId, () => {
    toast(`The clean-up of ${runsOf(count)} was undone`);
    close();
  });
  const expected = preview.data?.counts;
  const nothing = expected !== undefined && expected.stuck + expected.state_only === 0;
  return (
    <ConfirmForm
      reasonHint="Kept with the plan and in the timeline of each run. Why a run ended stays as it is."
      button="Undo clean-up"
      disabled={expected === undefined || nothing}
      action={undo}
      refused="It was not undone"
      onConfirm={({ reason }) =>
        undo.mutate(
          {
            ...(expected === undefined ? {} : { expected }),
            ...(reason === undefined ? {} : { reason }),
            ...(runs === undefined ? {} : { runs }),
          },
          { onError: () => void preview.refetch() },
        )
      }
      close={close}
    >
      <WillBecome now={<StateBadge state="cleaned" />}>
        <StateBadge state="interrupted" />
      </WillBecome>
      <ProblemNotice error={preview.error} title="What an undo would do cannot be shown" />
      {preview.data === undefined && preview.error === null && (
        <p className="text-sm text-muted" role="status">
          Looking at each run…
        </p>
      )}
      {preview.data !== undefined && <Preview preview={preview.data} />}
      <p className="text-sm text-muted">
        No process is started, and the timeline keeps that they were cleaned.
      </p>
    </ConfirmForm>
  );
}

function Preview({ preview: { counts, items } }: { preview: UndoPreview }) {
  const titleOf = useTitles();
  const all = counts.stuck + counts.state_only + counts.unchanged;
  return (
    <div className="text-sm">
      <p className="font-medium">{undoInWords(counts)}</p>
      <ul className="mt-1 max-h-48 overflow-y-auto text-muted">
        {items.map(({ run, job, why }) => (
          <li key={run} className="py-0.5 wrap-anywhere">
            <span className="font-medium text-fg">{titleOf(job)}:</span> {why}
          </li>
        ))}
      </ul>
      {items.length < all && (
        <p className="text-xs text-muted">
          The first {items.length} of {all} are listed; the counts are of all.
        </p>
      )}
    </div>
  );
}
