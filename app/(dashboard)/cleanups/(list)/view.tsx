"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { useJobTitles } from "@/components/jobs/use-titles";
import { DeleteRunsDialog } from "@/components/plans/delete-runs-dialog";
import { PlanTable } from "@/components/plans/plan-table";
import { PLAN_KIND } from "@/components/plans/plan-words";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Select } from "@/components/ui/field";
import { LoadMore } from "@/components/ui/list-ends";
import { PageHeader } from "@/components/ui/page-header";
import { TableSkeleton } from "@/components/ui/skeleton";
import { useMay } from "@/lib/client/may";
import { type PlanFilter, planFilter, plansQuery } from "@/lib/client/plans";
import { PLAN_KINDS } from "@/lib/domain/plan";

export function CleanupsView() {
  const [params, setParams] = useQueryStates(
    { job: parseAsString, kind: parseAsStringLiteral(PLAN_KINDS) },
    { history: "push" },
  );
  const [deleting, setDeleting] = useState(false);
  const filter = planFilter(params);
  const { may } = useMay();
  return (
    <>
      <PageHeader
        title="Clean-ups"
        below="Every plan that was made: who made it, what it did to each run, and what was undone."
        actions={
          <>
            {may("admin", null) && (
              <Button icon={<Trash2 aria-hidden />} onClick={() => setDeleting(true)}>
                Delete old runs…
              </Button>
            )}
            <ButtonLink href="/stuck">Stuck runs</ButtonLink>
          </>
        }
      />
      <Filters
        filter={filter}
        onChange={(next) => void setParams({ job: next.job ?? null, kind: next.kind ?? null })}
      />
      <Plans filter={filter} />
      <DeleteRunsDialog open={deleting} onOpenChange={setDeleting} />
    </>
  );
}

function Filters({ filter, onChange }: { filter: PlanFilter; onChange: (filter: PlanFilter) => void }) {
  const jobs = useJobTitles();
  const { job, kind } = filter;
  const known = jobs.some((one) => one.job === job);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Select
        aria-label="Kind"
        data-search
        value={kind ?? ""}
        onChange={(event) => {
          const chosen = PLAN_KINDS.find((one) => one === event.target.value);
          onChange({
            ...(job === undefined ? {} : { job }),
            ...(chosen === undefined ? {} : { kind: chosen }),
          });
        }}
        className="w-44 max-sm:w-0 max-sm:min-w-0 max-sm:flex-1"
      >
        <option value="">All plans</option>
        {PLAN_KINDS.map((one) => (
          <option key={one} value={one}>
            {PLAN_KIND[one]}s
          </option>
        ))}
      </Select>
      <Select
        aria-label="Job"
        value={job ?? ""}
        onChange={(event) =>
          onChange({
            ...(kind === undefined ? {} : { kind }),
            ...(event.target.value === "" ? {} : { job: event.target.value }),
          })
        }
        className="w-56 max-sm:w-0 max-sm:min-w-0 max-sm:flex-1"
      >
        <option value="">All jobs</option>
        {jobs.map((one) => (
          <option key={one.job} value={one.job}>
            {one.title}
          </option>
        ))}
        {job !== undefined && !known && <option value={job}>{job}</option>}
      </Select>
    </div>
  );
}

function Plans({ filter }: { filter: PlanFilter }) {
  const list = useInfiniteQuery(plansQuery(filter));
  if (list.data === undefined) {
    return list.error === null ? (
      <TableSkeleton />
    ) : (
      <ProblemNotice error={list.error} title="The clean-ups cannot be shown" />
    );
  }
  const plans = list.data.pages.flatMap(({ items }) => items);
  if (plans.length === 0) return <NoPlans filtered={Object.keys(filter).length > 0} />;
  return (
    <div className="flex flex-col gap-3">
      <PlanTable plans={plans} caption="Plans, newest first" />
      <LoadMore list={list} />
    </div>
  );
}

function NoPlans({ filtered }: { filtered: boolean }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      {filtered ? (
        <Empty title="No plan matches">There may be plans of the other kind or for other jobs.</Empty>
      ) : (
        <Empty title="No clean-up yet" actions={<ButtonLink href="/stuck">Stuck runs</ButtonLink>}>
          A clean-up starts as a plan: a frozen list of runs with what will happen to each. You read it, apply
          it, and can undo it here.
        </Empty>
      )}
    </div>
  );
}
