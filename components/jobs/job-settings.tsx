import { DeclaredParameters } from "@/components/parameters/declared-parameters";
import { CopyButton } from "@/components/ui/copy-button";
import { type FactRow, Facts } from "@/components/ui/facts";
import { formatCommandLine } from "@/lib/client/command-line";
import { formatDurationText } from "@/lib/client/duration-text";
import { stopWords } from "@/lib/client/signal-words";
import { formatSizeText } from "@/lib/client/size-text";
import type { JobView } from "@/lib/contracts/job";
import { DEFAULT_LOG_ENCODING } from "@/lib/domain/job";
import { unseenCrawl } from "@/lib/domain/scrapy-call";
import { ArgvChips } from "./argv-chips";

const ON_SILENCE = { stop: "then it is stopped", flag: "then it is flagged" } as const satisfies Record<
  JobView["onSilence"],
  string
>;

const ON_STUCK = {
  alert: "then an alert is raised",
  clean: "then dead runs are cleaned up",
} as const satisfies Record<JobView["onStuck"], string>;

const LOG_WAY = {
  auto: "by the program, or through a pipe where its command names /dev/stderr or /dev/stdout",
  file: "by the program itself",
  pipe: "through a pipe",
} as const satisfies Record<JobView["logVia"], string>;

/** How the job is set up, with the exact command. */
export function JobSettings({ job }: { job: JobView }) {
  const { timeouts, env, envSecret, envFrom } = job;
  const unseen = unseenCrawl(job);
  const names = [
    ...Object.keys(env),
    ...job.envHidden,
    ...envSecret.map((name) => `${name} (secret)`),
    ...Object.entries(envFrom).map(([name, from]) => `${name} (${from})`),
  ];
  const rows: (FactRow | null)[] = [
    { name: "Command", value: <Command argv={job.argv} /> },
    unseen === null ? null : { name: "Not recognised", value: <span className="text-warn">{unseen}</span> },
    { name: "Folder", value: <code className="text-xs">{job.cwd}</code> },
    job.runAs === null ? null : { name: "User", value: <code className="text-xs">{job.runAs}</code> },
    { name: "Kind", value: job.kind },
    names.length === 0
      ? null
      : { name: "Environment", value: <code className="text-xs">{names.join(", ")}</code> },
    job.parameters === null
      ? null
      : { name: "Parameters", value: <DeclaredParameters parameters={job.parameters} /> },
    {
      name: "Checkpoint",
      value: job.checkpoint === null ? <None /> : <code className="text-xs">{job.checkpoint}</code>,
    },
    job.pidFile === null ? null : { name: "Pid file", value: <code className="text-xs">{job.pidFile}</code> },
    {
      name: "Silence limit",
      value: `${formatDurationText(timeouts.silenceMs)}, ${ON_SILENCE[job.onSilence]}`,
    },
    {
      name: "Maximum duration",
      value: timeouts.maxDurationMs === null ? "no limit" : formatDurationText(timeouts.maxDurationMs),
    },
    { name: "Stop", value: stopWords(job.signals) },
    { name: "Start timeout", value: formatDurationText(timeouts.startMs) },
    ...resources(job),
    { name: "Log size limit", value: formatSizeText(job.logCapBytes) },
    { name: "Log written", value: LOG_WAY[job.logVia] },
    job.logEncoding === DEFAULT_LOG_ENCODING ? null : { name: "Log encoding", value: job.logEncoding },
    job.privateLog ? { name: "Log read by", value: "operators and admins" } : null,
    {
      name: "After shutdown",
      value: job.resumeAfterShutdown ? "resumed at the next start" : "stays interrupted",
    },
    {
      name: "Recovery",
      value: job.autoRecover
        ? "automatic: resumed, or started from the beginning"
        : "none: it waits for a decision",
    },
    { name: "Stuck after", value: `${formatDurationText(job.stuckAfterMs)}, ${ON_STUCK[job.onStuck]}` },
    job.priority === 0 ? null : { name: "Priority", value: String(job.priority) },
    job.locks.length === 0 ? null : { name: "Shared locks", value: job.locks.join(", ") },
    job.tags.length === 0 ? null : { name: "Tags", value: job.tags.join(", ") },
  ];
  return <Facts rows={rows.filter((row) => row !== null)} />;
}

function resources({ limits }: JobView): (FactRow | null)[] {
  const { memoryBytes, openFiles, nice } = limits;
  return [
    memoryBytes === null ? null : { name: "Memory limit", value: formatSizeText(memoryBytes) },
    openFiles === null ? null : { name: "Open files", value: `at most ${openFiles}` },
    nice === null ? null : { name: "Nice", value: String(nice) },
  ];
}

function Command({ argv }: { argv: readonly string[] }) {
  return (
    <span className="flex items-start gap-1">
      <ArgvChips argv={argv} />
      <CopyButton text={formatCommandLine(argv)} label="Copy the command" />
    </span>
  );
}

function None() {
  return <span className="text-muted">none: a run that ends early starts over</span>;
}
