"use client";

import Link from "next/link";
import { useTitles } from "@/components/jobs/use-titles";
import { Ago, Elapsed } from "@/components/time/ago";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { RunView } from "@/lib/contracts/run";
import { HealthBadge } from "./health-badge";
import { LastWords } from "./last-words";
import { StateBadge } from "./state-badge";
import { whatItDoes, whyOf } from "./why";

type RunTableProps = { runs: readonly RunView[]; caption: string; showJob?: boolean };

/** Runs as they are given, one a row. On phones: state and age in one line, the rest below. */
export function RunTable({ runs, caption, showJob = true }: RunTableProps) {
  const titleOf = useTitles();
  return (
    <Table caption={caption}>
      <thead className="max-sm:sr-only">
        <tr>
          <Th>State</Th>
          {showJob && <Th className="max-sm:hidden">Job</Th>}
          <Th className="max-lg:hidden">Why</Th>
          <Th className="text-right max-sm:hidden">Duration</Th>
          <Th className="text-right">Started</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} title={titleOf(run.job)} showJob={showJob} />
        ))}
      </tbody>
    </Table>
  );
}

function RunRow({ run, title, showJob }: { run: RunView; title: string; showJob: boolean }) {
  const begun = run.startedAt ?? run.queuedAt;
  return (
    <Tr data-row={run.id} className="first:max-sm:border-t-0">
      <Td className="whitespace-nowrap max-sm:max-w-0">
        {showJob && <p className="truncate font-medium sm:hidden">{title}</p>}
        <div className="flex items-center gap-x-2">
          <Link
            href={`/runs/${run.id}`}
            data-row-link
            data-key="l"
            className="inline-flex after:absolute after:inset-0"
          >
            <StateBadge state={run.state} />
            <span className="sr-only">
              {run.job} {run.id}
            </span>
          </Link>
          <HealthBadge health={run.health} why={whyOf(run)} />
        </div>
      </Td>
      {showJob && <Td className="max-w-0 truncate font-medium max-sm:hidden sm:w-[26%]">{title}</Td>}
      <Td className="max-w-0 truncate text-muted max-lg:hidden lg:w-[38%]" title={whyOf(run)}>
        {whatItDoes(run)}
        <LastWords run={run} inline />
      </Td>
      <Td className="text-right text-muted max-sm:hidden">
        <Elapsed since={run.startedAt} until={run.endedAt} />
      </Td>
      <Td className="w-px text-right text-muted">
        <Ago at={begun} className="md:relative md:z-1" />
        <p className="text-xs sm:hidden">
          <Elapsed since={run.startedAt} until={run.endedAt} />
        </p>
      </Td>
    </Tr>
  );
}
