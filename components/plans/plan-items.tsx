"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Empty } from "@/components/ui/empty";
import { LoadMore } from "@/components/ui/list-ends";
import { TableSkeleton } from "@/components/ui/skeleton";
import { isMoving, planItemsQuery, type ResultFilter } from "@/lib/client/plans";
import type { PlanView } from "@/lib/contracts/cleanup";
import { PLAN_RESULTS, type PlanResult, type PlanState } from "@/lib/domain/plan";
import { PlanItemRow } from "./plan-item-row";
import { RESULT } from "./plan-words";

/** The frozen list, all of it or by what came of each run. */
export function PlanItems({ plan }: { plan: PlanView }) {
  const [result, setResult] = useQueryState(
    "result",
    parseAsStringLiteral(PLAN_RESULTS).withOptions({ history: "push" }),
  );
  const list = useInfiniteQuery(planItemsQuery(plan.id, result, isMoving(plan)));
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <section aria-label="Runs of this plan" className="flex flex-col gap-3">
      <ResultTabs plan={plan} result={result} onChange={(next) => void setResult(next)} />
      {items === undefined &&
        (list.error === null ? (
          <TableSkeleton />
        ) : (
          <ProblemNotice error={list.error} title="The runs of this plan cannot be shown" />
        ))}
      {items !== undefined && (
        <div className="overflow-hidden rounded-lg border border-line bg-surface">
          {items.length === 0 ? (
            <NoItems all={result === null} />
          ) : (
            <ul className="divide-y divide-line">
              {items.map((item) => (
                <PlanItemRow key={item.run} plan={plan} item={item} />
              ))}
            </ul>
          )}
        </div>
      )}
      <LoadMore list={list} />
    </section>
  );
}

type ResultTabsProps = { plan: PlanView; result: ResultFilter; onChange: (result: ResultFilter) => void };

function ResultTabs({ plan: { state, counts }, result, onChange }: ResultTabsProps) {
  const present = PLAN_RESULTS.filter((one) => counts[one] > 0 || one === result);
  if (present.length < 2 && result === null) return null;
  const all = PLAN_RESULTS.reduce((sum, one) => sum + counts[one], 0);
  const tabs: [ResultFilter, string, number][] = [
    [null, "All", all],
    ...present.map((one): [ResultFilter, string, number] => [one, labelOf(one, state), counts[one]]),
  ];
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1.5">
      <legend className="sr-only">Show</legend>
      {tabs.map(([value, label, count]) => (
        <Button
          key={label}
          size="sm"
          aria-pressed={value === result}
          onClick={() => onChange(value)}
          className={cn(value === result && "border-accent bg-raised text-accent")}
        >
          {label} <span className="tabular text-faint">{count}</span>
        </Button>
      ))}
    </fieldset>
  );
}

function labelOf(result: PlanResult, state: PlanState): string {
  const over = state !== "ready" && state !== "applying";
  return result === "planned" && over ? "Not reached" : RESULT[result].label;
}

function NoItems({ all }: { all: boolean }) {
  return all ? (
    <Empty title="No run falls under this plan">
      Nothing is that old, or everything that is was settled meanwhile. There is nothing to apply.
    </Empty>
  ) : (
    <Empty title="No run with this result" />
  );
}
