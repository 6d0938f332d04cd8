"use client";

import { ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ForeignBadge } from "@/components/jobs/foreign-badge";
import { JobActions } from "@/components/jobs/job-actions";
import { whyOutside } from "@/components/jobs/why-outside";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { HealthBadge } from "@/components/runs/health-badge";
import { CleanUpButton } from "@/components/runs/settle-actions";
import { StateBadge } from "@/components/runs/state-badge";
import { whyOf } from "@/components/runs/why";
import { Ago } from "@/components/time/ago";
import { cn } from "@/components/ui/cn";
import { Panel } from "@/components/ui/panel";
import type { NeedsAttention } from "@/lib/client/attention";
import { useMay } from "@/lib/client/may";
import type { RunView } from "@/lib/contracts/run";
import { isActive } from "@/lib/domain/run";

const SHOWN_AT_MOST = 12;

/** What is wrong, most urgent first; every row links and acts. @param props.of how many there are, listed or not */
export function Attention({ items, of }: { items: readonly NeedsAttention[]; of: number }) {
  const [problem, setProblem] = useState<{ job: string; error: unknown } | null>(null);
  const more = Math.max(of, items.length) - SHOWN_AT_MOST;
  return (
    <div id="attention" className="scroll-mt-16">
      <Panel title="Needs attention" aside={more > 0 ? `and ${more} more` : undefined}>
        {problem !== null && problem.error !== null && (
          <ProblemNotice error={problem.error} title={`${problem.job} was not changed`} className="m-3" />
        )}
        {items.length === 0 ? (
          <p className="flex items-center gap-2 px-4 py-3 text-sm text-muted">
            <ShieldCheck aria-hidden className="size-4 shrink-0" /> All clear. No problems in the last 24
            hours.
          </p>
        ) : (
          <ul className="divide-y divide-line">
            {items.slice(0, SHOWN_AT_MOST).map((item) => (
              <AttentionRow
                key={item.status.job}
                item={item}
                onProblem={(job, error) => setProblem({ job, error })}
              />
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}

type AttentionRowProps = { item: NeedsAttention; onProblem: (job: string, error: unknown) => void };

function AttentionRow({ item, onProblem }: AttentionRowProps) {
  const { status } = item;
  const { may } = useMay();
  const cleanable = isOver(item) && may("operator", null);
  return (
    <li
      data-row={status.job}
      className={cn(
        "relative flex items-center gap-x-4 gap-y-2 px-4 py-2.5 transition-colors hover:bg-raised/60",
        cleanable && "max-sm:flex-wrap",
      )}
    >
      <div className={cn("min-w-0 flex-1", cleanable && "max-sm:basis-full")}>
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-0.5">
          <Link
            href={item.kind === "run" ? `/runs/${item.run.id}` : `/jobs/${status.job}`}
            data-row-link
            data-key="l"
            className="font-medium after:absolute after:inset-0"
          >
            {status.title}
          </Link>
          {item.kind === "run" ? <RunBadges run={item.run} /> : <ForeignBadge foreign={item.foreign} />}
          <Ago at={sinceOf(item)} className="text-xs text-faint" />
        </div>
        <p className="truncate text-sm text-muted max-sm:whitespace-normal">
          {item.kind === "run" ? whyOf(item.run) : whyOutside(item.foreign)}
        </p>
      </div>
      <div className="flex shrink-0 flex-wrap items-center justify-end gap-1">
        {cleanable && (
          <span className="relative z-1">
            <CleanUpButton
              run={item.run}
              title={status.title}
              onProblem={(error) => onProblem(status.job, error)}
              small
            />
          </span>
        )}
        <JobActions status={status} onProblem={onProblem} />
      </div>
    </li>
  );
}

/** Cut off with nothing known to go on from: then a clean-up is one of the two right steps. */
function isOver(item: NeedsAttention): item is NeedsAttention & { kind: "run" } {
  if (item.kind !== "run") return false;
  const { unsettled, state, verdict } = item.run;
  return unsettled && state === "interrupted" && verdict !== "resumable";
}

function RunBadges({ run }: { run: RunView }) {
  return (
    <>
      <StateBadge state={run.state} />
      <HealthBadge health={run.health} why={whyOf(run)} />
    </>
  );
}

function sinceOf(item: NeedsAttention): string | null {
  if (item.kind === "outside") return item.foreign.startedAt;
  return isActive(item.run.state) ? (item.run.lastLifeAt ?? item.run.startedAt) : item.run.endedAt;
}
