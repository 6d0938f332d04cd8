"use client";

import { Undo2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTitles } from "@/components/jobs/use-titles";
import { EvidenceFold } from "@/components/runs/evidence-fold";
import { HealthBadge } from "@/components/runs/health-badge";
import { VERDICT_LABEL } from "@/components/runs/resume-words";
import { StateBadge } from "@/components/runs/state-badge";
import { Ago } from "@/components/time/ago";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { formatElapsed } from "@/lib/client/elapsed";
import { useMay } from "@/lib/client/may";
import type { PlanItemView, PlanView } from "@/lib/contracts/cleanup";
import { ResultBadge } from "./plan-badge";
import { WILL } from "./plan-words";
import { UndoDialog } from "./undo-dialog";

/** One run of the frozen list: as it was when the plan was made, what will happen or what came of it, and why. */
export function PlanItemRow({ plan, item }: { plan: PlanView; item: PlanItemView }) {
  const title = useTitles()(item.job);
  const deleted = plan.kind === "delete" && item.result === "done";
  const givesUp = item.action === "clean" && item.verdict === "resumable";
  return (
    <li data-row={item.run} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
          {deleted ? (
            <span className="font-medium wrap-anywhere">{title}</span>
          ) : (
            <Link
              href={`/runs/${item.run}`}
              data-row-link
              data-key="l"
              className="font-medium wrap-anywhere underline-offset-4 hover:underline"
            >
              {title}
            </Link>
          )}
          <StateBadge state={item.runState} />
          <HealthBadge health={item.health} />
          <span className="tabular text-xs text-muted">{formatElapsed(item.ageMs)} old</span>
        </p>
        <p className="mt-0.5 text-sm wrap-anywhere text-muted">
          {item.verdict !== null && (
            <span className={cn("font-medium", givesUp ? "text-warn" : "text-fg")}>
              {VERDICT_LABEL[item.verdict]}.{" "}
            </span>
          )}
          {item.why}
        </p>
        <EvidenceFold evidence={item.evidence} of={title} />
      </div>
      <Outcome plan={plan} item={item} title={title} />
    </li>
  );
}

const isOpen = ({ state }: PlanView): boolean => state === "ready" || state === "applying";

function Outcome({ plan, item, title }: { plan: PlanView; item: PlanItemView; title: string }) {
  const [undoing, setUndoing] = useState(false);
  const { may } = useMay();
  const undoable = plan.kind === "cleanup" && item.result === "done" && may("operator", null);
  return (
    <div className="flex min-w-0 flex-col items-end gap-1 text-sm max-sm:w-full max-sm:items-start sm:max-w-[24rem] sm:text-right">
      <span className="flex items-center gap-2">
        {item.at !== null && <Ago at={item.at} className="text-xs text-faint" />}
        <ResultBadge result={item.result} reached={item.result !== "planned" || isOpen(plan)} />
      </span>
      {item.result === "planned" && (
        <p className="text-xs text-muted">
          {isOpen(plan) ? WILL[item.action] : "Was not reached, and stays as it is"}
        </p>
      )}
      {item.detail !== null && <p className="text-xs wrap-anywhere text-fg">{item.detail}</p>}
      {undoable && (
        <>
          <Button
            size="sm"
            icon={<Undo2 aria-hidden />}
            onClick={() => setUndoing(true)}
            aria-label={`Undo the clean-up of ${title}`}
            data-key="u"
          >
            Undo…
          </Button>
          <UndoDialog planId={plan.id} runs={[item.run]} count={1} open={undoing} onOpenChange={setUndoing} />
        </>
      )}
    </div>
  );
}
