import type { JobView } from "@/lib/contracts/job";
import {
  DEFAULT_LOG_CAP_BYTES,
  DEFAULT_LOG_ENCODING,
  type JobKind,
  type LogWay,
  type SilenceAction,
  type StuckAction,
} from "@/lib/domain/job";
import { SHORTEST_SAFE_AGE_MS } from "@/lib/domain/plan";
import type { SignalTarget } from "@/lib/domain/signal-profile";
import { formatCommandLine } from "./command-line";
import { formatDurationText } from "./duration-text";
import { formatEnvFrom } from "./env-from-lines";
import { type EnvRow, toEnvRows } from "./env-rows";
import { type ParameterRow, toParameterRows } from "./parameter-rows";
import { type SignalRow, toSignalValues } from "./signal-rows";
import { formatSizeText } from "./size-text";

/** The form as it is typed: everything is text until it is read. */
export type JobFormValues = {
  id: string;
  title: string;
  kind: JobKind;
  command: string;
  cwd: string;
  /** Blank: not said. */
  runAs: string;
  env: EnvRow[];
  /** A variable a line, `NAME=file:/path` or `NAME=env:NAME`. */
  envFrom: string;
  parameters: ParameterRow[];
  checkpoint: string;
  pidFile: string;
  startMs: string;
  silenceMs: string;
  maxDurationMs: string;
  stopGraceMs: string;
  signalsTo: SignalTarget;
  /** None: the usual signal of the kind, with the time in `stopGraceMs`. */
  signals: SignalRow[];
  onSilence: SilenceAction;
  locks: string;
  tags: string;
  priority: string;
  memoryBytes: string;
  openFiles: string;
  nice: string;
  logCapBytes: string;
  logVia: LogWay;
  logEncoding: string;
  privateLog: boolean;
  resumeAfterShutdown: boolean;
  autoRecover: boolean;
  stuckAfterMs: string;
  allowShort: boolean;
  onStuck: StuckAction;
  enabled: boolean;
};
export type JobField = keyof JobFormValues;

/** Shown and sent as they are. */
export const AS_THEY_ARE = [
  "kind",
  "onSilence",
  "logVia",
  "privateLog",
  "resumeAfterShutdown",
  "autoRecover",
  "onStuck",
  "enabled",
] as const satisfies readonly (JobField & keyof JobView)[];

/** Texts that may be missing: a blank is null on the wire. */
export const OPTIONAL_TEXTS = ["checkpoint", "pidFile", "runAs"] as const satisfies readonly (JobField &
  keyof JobView)[];
export type OptionalText = (typeof OPTIONAL_TEXTS)[number];

/** These fields of it, and no others. */
export function picked<Whole, Name extends keyof Whole>(
  whole: Whole,
  names: readonly Name[],
): Pick<Whole, Name> {
  return Object.fromEntries(names.map((name) => [name, whole[name]])) as Pick<Whole, Name>;
}

export type FormIssue = { readonly field: JobField; readonly message: string };
/** A new job has nothing to take away. */
export const EMPTY_JOB: JobFormValues = {
  id: "",
  title: "",
  kind: "command",
  command: "",
  cwd: "",
  runAs: "",
  env: [],
  envFrom: "",
  parameters: [],
  checkpoint: "",
  pidFile: "",
  startMs: "1 min",
  silenceMs: "10 min",
  maxDurationMs: "",
  // Blank: what is usual for the kind.
  stopGraceMs: "",
  signalsTo: "program",
  signals: [],
  onSilence: "stop",
  locks: "",
  tags: "",
  priority: "0",
  memoryBytes: "",
  openFiles: "",
  nice: "",
  logCapBytes: formatSizeText(DEFAULT_LOG_CAP_BYTES),
  logVia: "auto",
  logEncoding: DEFAULT_LOG_ENCODING,
  privateLog: false,
  resumeAfterShutdown: false,
  autoRecover: false,
  stuckAfterMs: "1 d",
  allowShort: false,
  onStuck: "alert",
  enabled: true,
};

export function toFormValues(job: JobView): JobFormValues {
  const { timeouts, limits } = job;
  return {
    ...picked(job, AS_THEY_ARE),
    ...blankForNull(job),
    id: job.id,
    title: job.title,
    command: formatCommandLine(job.argv),
    cwd: job.cwd,
    env: toEnvRows(job),
    envFrom: formatEnvFrom(job.envFrom),
    parameters: toParameterRows(job.parameters),
    startMs: formatDurationText(timeouts.startMs),
    silenceMs: formatDurationText(timeouts.silenceMs),
    maxDurationMs: timeouts.maxDurationMs === null ? "" : formatDurationText(timeouts.maxDurationMs),
    ...toSignalValues(job),
    signalsTo: job.signals.to,
    locks: job.locks.join(" "),
    tags: job.tags.join(" "),
    priority: String(job.priority),
    memoryBytes: limits.memoryBytes === null ? "" : formatSizeText(limits.memoryBytes),
    openFiles: limits.openFiles === null ? "" : String(limits.openFiles),
    nice: limits.nice === null ? "" : String(limits.nice),
    logCapBytes: formatSizeText(job.logCapBytes),
    logEncoding: job.logEncoding,
    stuckAfterMs: formatDurationText(job.stuckAfterMs),
    // It was allowed when it was set.
    allowShort: job.stuckAfterMs < SHORTEST_SAFE_AGE_MS,
  };
}

function blankForNull(job: JobView): Record<OptionalText, string> {
  return Object.fromEntries(OPTIONAL_TEXTS.map((name) => [name, job[name] ?? ""])) as Record<
    OptionalText,
    string
  >;
}
