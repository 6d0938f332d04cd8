"use client";

import Link from "next/link";
import { useState } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { HealthBadge } from "@/components/runs/health-badge";
import { NeverRan, StateBadge } from "@/components/runs/state-badge";
import { whyOf } from "@/components/runs/why";
import { Ago, Elapsed } from "@/components/time/ago";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useMay } from "@/lib/client/may";
import type { StatusView } from "@/lib/contracts/status";
import { isActive } from "@/lib/domain/run";
import { ForeignBadge } from "./foreign-badge";
import { JobActions } from "./job-actions";
import { lastResult } from "./last-result";

type JobTableProps = { items: readonly StatusView[]; caption: string };

export function JobTable({ items, caption }: JobTableProps) {
  const [problem, setProblem] = useState<{ job: string; error: unknown } | null>(null);
  const onProblem = (job: string, error: unknown) => setProblem(error === null ? null : { job, error });
  const acts = useMay().mayAnywhere("operator");
  return (
    <div className="flex flex-col gap-3">
      {problem !== null && <ProblemNotice error={problem.error} title={`${problem.job} was not started`} />}
      <Table caption={caption}>
        <thead className="max-md:sr-only">
          <tr>
            <Th>Job</Th>
            <Th className="max-2xl:hidden">Kind</Th>
            <Th>State</Th>
            <Th className="text-right">Age</Th>
            <Th className="text-right">Sign of life</Th>
            <Th className="max-lg:hidden">Progress or result</Th>
            {acts && (
              <Th className="text-right">
                <span className="sr-only">Actions</span>
              </Th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((status) => (
            <JobRow key={status.job} status={status} onProblem={onProblem} acts={acts} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

type JobRowProps = {
  status: StatusView;
  onProblem: (job: string, error: unknown) => void;
  /** Whether there is a column for what can be done. */
  acts: boolean;
};

function JobRow({ status, onProblem, acts }: JobRowProps) {
  const { job, title, kind, run, enabled } = status;
  const active = run !== null && isActive(run.state);
  return (
    <Tr data-row={job} className="first:max-md:border-t-0">
      <Td className="max-w-0 md:w-[28%]">
        <div className="flex items-baseline gap-2">
          <Link
            href={`/jobs/${job}`}
            data-row-link
            className="truncate font-medium after:absolute after:inset-0"
          >
            {title}
          </Link>
          {title !== job && (
            <span className="min-w-0 flex-1 truncate text-xs text-faint max-lg:hidden">{job}</span>
          )}
          {!enabled && (
            <span className="shrink-0 rounded-sm bg-raised px-1.5 text-xs text-muted">disabled</span>
          )}
        </div>
        <div className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-faint md:hidden">
          {run === null ? <NeverRan /> : <StateBadge state={run.state} />}
          {run !== null && <HealthBadge health={run.health} why={whyOf(run)} />}
          <ForeignBadge foreign={status.foreign} />
          {active && <Elapsed since={run.startedAt ?? run.queuedAt} until={null} />}
        </div>
        {active && (
          <Link href={`/runs/${run.id}#log`} data-key="l" tabIndex={-1} className="sr-only">
            Log of {title}
          </Link>
        )}
      </Td>
      <Td className="text-muted max-2xl:hidden">{kind}</Td>
      <Td className="whitespace-nowrap max-md:hidden">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {run === null ? <NeverRan /> : <StateBadge state={run.state} />}
          {run !== null && <HealthBadge health={run.health} why={whyOf(run)} />}
          <ForeignBadge foreign={status.foreign} />
        </span>
      </Td>
      <Td className="text-right text-muted max-md:hidden">
        {active ? <Elapsed since={run.startedAt ?? run.queuedAt} until={null} /> : "–"}
      </Td>
      <Td className="text-right text-muted max-md:hidden">
        <Ago
          at={active ? run.lastLifeAt : null}
          none={active ? "none yet" : "–"}
          className="md:relative md:z-1"
        />
      </Td>
      <Td className="max-w-0 truncate text-muted max-lg:hidden lg:w-[26%]">{lastResult(run)}</Td>
      {acts && (
        <Td className="w-px text-right">
          <JobActions status={status} onProblem={onProblem} />
        </Td>
      )}
    </Tr>
  );
}
