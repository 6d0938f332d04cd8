"use client";

import { useQuery } from "@tanstack/react-query";
import { Eraser, Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { UndoDialog } from "@/components/plans/undo-dialog";
import { Button } from "@/components/ui/button";
import { useMay } from "@/lib/client/may";
import { cleanedByQuery, useMakePlan } from "@/lib/client/plans";
import type { RunView } from "@/lib/contracts/run";

type SettleActionsProps = { run: RunView; title: string; onProblem: (error: unknown) => void };

/** Cleaning an interrupted run up, and taking that back: by plans, which take a role for everything. */
export function SettleActions({ run, title, onProblem }: SettleActionsProps) {
  const { may } = useMay();
  if (!may("operator", null)) return null;
  if (run.state === "interrupted" && run.unsettled)
    return <CleanUpButton run={run} title={title} onProblem={onProblem} />;
  return run.state === "cleaned" ? <UndoButton run={run} /> : null;
}

/** By a plan of this one run, so that what will happen is read before it happens. */
export function CleanUpButton({
  run,
  title,
  onProblem,
  small = false,
}: SettleActionsProps & { small?: boolean }) {
  const router = useRouter();
  const plan = useMakePlan(({ id }) => router.push(`/cleanups/${id}`));
  return (
    <Button
      size={small ? "sm" : "md"}
      icon={<Eraser aria-hidden />}
      busy={plan.isPending || plan.isSuccess}
      onClick={() => plan.mutate({ runs: [run.id] }, { onError: onProblem })}
      title="Shows first what a clean-up would do; nothing is changed yet"
      aria-label={`Clean up ${title}`}
      data-key="c"
    >
      Clean up…
    </Button>
  );
}

function UndoButton({ run }: { run: RunView }) {
  const { data: plan } = useQuery(cleanedByQuery(run.id));
  const [open, setOpen] = useState(false);
  if (plan === undefined || plan === null) return null;
  return (
    <>
      <Button icon={<Undo2 aria-hidden />} onClick={() => setOpen(true)} data-key="u">
        Undo clean-up…
      </Button>
      <UndoDialog planId={plan} runs={[run.id]} count={1} open={open} onOpenChange={setOpen} />
    </>
  );
}
