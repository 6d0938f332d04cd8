"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { ArgvChips } from "@/components/jobs/argv-chips";
import { GivenParameters, hasParameters } from "@/components/parameters/given-parameters";
import { Elapsed, Exact } from "@/components/time/ago";
import { CopyButton } from "@/components/ui/copy-button";
import { type FactRow, Facts } from "@/components/ui/facts";
import { formatCommandLine } from "@/lib/client/command-line";
import { formatBytes, formatElapsed } from "@/lib/client/elapsed";
import { recentRunsQuery } from "@/lib/client/runs";
import { stopWords } from "@/lib/client/signal-words";
import type { RunView } from "@/lib/contracts/run";
import { isFinal } from "@/lib/domain/run";
import { CAUSE_LABEL, TRIGGER_LABEL } from "./state-words";

/** Everything recorded about a run. */
export function RunFacts({ run }: { run: RunView }) {
  const continuedBy = useChild(run);
  const command = formatCommandLine(run.argv);
  const rows: (FactRow | null)[] = [
    { name: "Run", value: <Copied text={run.id} label="Copy the run id" /> },
    { name: "Command", value: <Copied text={command} label="Copy the command" /> },
    hasArguments(run) ? { name: "Arguments", value: <Arguments run={run} /> } : null,
    hasParameters(run) ? { name: "Parameters", value: <Parameters run={run} /> } : null,
    { name: "Folder", value: <Folder run={run} /> },
    run.runAs === null ? null : { name: "User", value: <code className="text-xs">{run.runAs}</code> },
    { name: "Requested", value: <Exact at={run.queuedAt} /> },
    { name: "Started", value: <Exact at={run.startedAt} none="not started" /> },
    isFinal(run.state) ? { name: "Ended", value: <Exact at={run.endedAt} none="not known" /> } : null,
    { name: "Duration", value: <Elapsed since={run.startedAt} until={run.endedAt} /> },
    isFinal(run.state) ? { name: "Exit", value: exitOf(run) } : null,
    run.fingerprint === null ? null : { name: "Last words", value: <Alike fingerprint={run.fingerprint} /> },
    run.cause === null || !isFinal(run.state) ? null : { name: "Cause", value: CAUSE_LABEL[run.cause] },
    { name: "Trigger", value: `${TRIGGER_LABEL[run.trigger]} (${run.actor})` },
    run.parentRunId === null ? null : { name: "Follows", value: <RunLink id={run.parentRunId} /> },
    run.lineageId === run.id || run.lineageId === run.parentRunId
      ? null
      : { name: "Lineage started", value: <RunLink id={run.lineageId} /> },
    continuedBy === null ? null : { name: "Continued by", value: <RunLink id={continuedBy} /> },
    run.imported === null
      ? null
      : {
          name: "Taken over",
          value: (
            <>
              from {run.imported.source}, <code className="text-xs">{run.imported.externalId}</code>
            </>
          ),
        },
    run.cpuMs === null
      ? null
      : { name: "CPU time", value: <span className="tabular">{cpuTime(run.cpuMs)}</span> },
    run.peakMemoryBytes === null
      ? null
      : { name: "Peak memory", value: <span className="tabular">{formatBytes(run.peakMemoryBytes)}</span> },
    { name: "Stop", value: stopWords(run.signals) },
    { name: "Log", value: <LogSize run={run} /> },
  ];
  return <Facts rows={rows.filter((row) => row !== null)} />;
}

/** The run that follows this one, when it is among the newest of its job. */
function useChild({ id, job, state }: RunView): string | null {
  const { data } = useQuery({ ...recentRunsQuery({ job }), enabled: isFinal(state) });
  return data?.items.find(({ parentRunId }) => parentRunId === id)?.id ?? null;
}

/** Told where there are some, or where the run before had others. */
function hasArguments({ args, argsBefore }: RunView): boolean {
  return (args?.length ?? 0) > 0 || (argsBefore !== null && argsBefore.how !== "same");
}

function Arguments({ run: { args, argsBefore } }: { run: RunView }) {
  return (
    <span className="flex flex-col gap-1">
      {args === null || args.length === 0 ? (
        <span>none but the job’s own</span>
      ) : (
        <ArgvChips argv={args} label="Arguments" program={false} />
      )}
      {argsBefore !== null && (
        <span className="text-xs text-muted">
          {COMPARED[argsBefore.how]} <RunLink id={argsBefore.run} />
          {argsBefore.how === "unknown" && ": what that one was given is not known"}
        </span>
      )}
    </span>
  );
}

function Parameters({ run }: { run: RunView }) {
  const before = run.parametersBefore;
  return (
    <span className="flex flex-col gap-1">
      <GivenParameters run={run} />
      {before !== null && (
        <span className="text-xs text-muted">
          {COMPARED[before.how]} <RunLink id={before.run} />
          {before.how === "unknown" && ": what that one was given is not known"}
        </span>
      )}
    </span>
  );
}

const COMPARED = {
  same: "as",
  changed: "changed from",
  unknown: "not compared with",
} as const satisfies Record<NonNullable<RunView["argsBefore"]>["how"], string>;

function LogSize({ run: { logBytes, logDroppedBytes } }: { run: RunView }) {
  return (
    <span className="tabular">
      {formatBytes(logBytes)}
      {logDroppedBytes > 0 && (
        <span className="text-muted">, the first {formatBytes(logDroppedBytes)} dropped</span>
      )}
    </span>
  );
}

/** Its name, and what that was when the run started, where a link leads there. */
function Folder({ run: { cwd, realCwd } }: { run: RunView }) {
  const led = realCwd !== null && realCwd !== cwd;
  return (
    <span className="flex flex-col gap-1">
      <code className="text-xs">{cwd}</code>
      {led && (
        <span className="text-xs text-muted">
          started in <code>{realCwd}</code>
        </span>
      )}
    </span>
  );
}

/** The shape of the last words, which leads to all runs that ended so. */
function Alike({ fingerprint }: { fingerprint: string }) {
  return (
    <Link
      href={`/runs?${new URLSearchParams({ fingerprint })}`}
      title="All runs whose last words have this shape"
      className="text-xs text-accent underline-offset-2 hover:underline"
    >
      <code className="wrap-anywhere">{fingerprint}</code>
    </Link>
  );
}

function cpuTime(ms: number): string {
  return ms < 10_000 ? `${(ms / 1_000).toFixed(2)} s` : formatElapsed(ms);
}

function exitOf(run: RunView): ReactNode {
  if (run.signal !== null) return <code className="text-xs">{run.signal}</code>;
  if (run.exitCode !== null) return <span className="tabular">code {run.exitCode}</span>;
  return <span className="text-muted">not known</span>;
}

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 py-0.5 text-xs">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

function RunLink({ id }: { id: string }) {
  return (
    <Link href={`/runs/${id}`} className="text-xs text-accent underline-offset-2 hover:underline">
      <code>{id}</code>
    </Link>
  );
}
