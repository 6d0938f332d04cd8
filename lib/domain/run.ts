import type { JobId, RunId, WorkerId } from "./ids";
import type { RunSpec } from "./job";
import type { RecoveryVerdict } from "./verdict";

export const RUN_STATES = [
  "queued",
  "starting",
  "running",
  "stopping",
  "completed",
  "failed",
  "stopped",
  "timed_out",
  "interrupted",
  "cleaned",
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const ACTIVE_STATES = [
  "queued",
  "starting",
  "running",
  "stopping",
] as const satisfies readonly RunState[];
export type ActiveState = (typeof ACTIVE_STATES)[number];
/** Those of runs that a worker has begun with. */
export const CLAIMED_STATES: readonly ActiveState[] = ACTIVE_STATES.filter((state) => state !== "queued");
export type FinalState = Exclude<RunState, ActiveState>;

export const RUN_TRIGGERS = [
  "manual",
  "api",
  "schedule",
  "resume",
  "restart",
  "exec",
  "recovery",
  "adopt",
  "import",
] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** Why a run was ended by its owner, a limit or a shutdown. */
export const STOP_CAUSES = [
  "stop",
  "restart",
  "reset",
  "start_timeout",
  "silence",
  "max_duration",
  "shutdown",
] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

/** Why a run is over although it was not ended on purpose and no exit code could be had. */
export const LOST_CAUSES = [
  "never_started",
  "host_rebooted",
  "container_gone",
  "launcher_killed",
  "exit_unknown",
  /** Its process lives on, under the data folder that this one is a copy of. */
  "other_folder",
] as const;
export type LostCause = (typeof LOST_CAUSES)[number];

/** Why a run ended as it did; the first one wins. */
export const RUN_CAUSES = [
  ...STOP_CAUSES,
  ...LOST_CAUSES,
  "exit",
  "crashed",
  "out_of_memory",
  "killed_outside",
  "launch_failed",
  "cleanup",
  "imported",
] as const;
export type RunCause = (typeof RUN_CAUSES)[number];

/** A process by more than its pid: start ticks (Linux: field 22 of /proc/<pid>/stat) tell it from a later owner of the number. */
export type ProcessIdentity = { readonly pid: number; readonly startTicks: number };

/** The host as pids see it: a reboot or a new container makes another instance, whose pids mean nothing here. */
export type HostInstance = string;

export type Progress = {
  readonly extracted: number | null;
  readonly skipped: number | null;
  readonly total: number | null;
  readonly message: string | null;
};

/** All times are epoch milliseconds of the wall clock. */
export type Run = {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly state: RunState;
  readonly version: number;
  readonly cause: RunCause | null;
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly trigger: RunTrigger;
  readonly actor: string;
  readonly parentRunId: RunId | null;
  readonly lineageId: RunId;
  readonly spec: RunSpec;
  /** The folder it was launched in, with all links followed: its `cwd` may lead elsewhere by now. null: not launched, or not recorded then. */
  readonly realCwd: string | null;
  readonly token: string;
  /** Whose processes these are: only that worker can tell whether they live. null: not claimed yet, or over since before this was recorded. */
  readonly workerId: WorkerId | null;
  readonly hostInstance: HostInstance | null;
  readonly ownerEpoch: number | null;
  readonly launcher: ProcessIdentity | null;
  readonly process: ProcessIdentity | null;
  readonly graceMs: number | null;
  readonly queuedAt: number;
  readonly claimedAt: number | null;
  readonly startedAt: number | null;
  readonly stopRequestedAt: number | null;
  readonly endedAt: number | null;
  readonly lastLifeAt: number | null;
  readonly logBytes: number;
  /** Dropped from the log's beginning because of its cap; offsets still count from the first byte ever written. */
  readonly logDroppedBytes: number;
  readonly progress: Progress | null;
  readonly waitingFor: string | null;
  readonly priority: number;
  /** The usual gap between two signs of life of this job, in milliseconds; null while nothing is known. */
  readonly usualGapMs: number | null;
  /** Used by the whole tree so far, or in all; null where it was never measured. */
  readonly cpuMs: number | null;
  readonly peakMemoryBytes: number | null;
  /** It did not end well, and what becomes of its work is not decided yet. */
  readonly unsettled: boolean;
  /** As last read from its checkpoint; null: not read since it ended. */
  readonly verdict: RecoveryVerdict | null;
  readonly verdictAt: number | null;
  /** What a resume would start from, as last read with the verdict; null: nothing, or not read. */
  readonly resumeFrom: string | null;
  /** The last line of its log that looks like an error, when it did not complete; null: none does, or its log was not read. */
  readonly lastWords: string | null;
  /** The shape of the last words, which equal failures share. */
  readonly fingerprint: string | null;
  /** Set for a run that another system kept the record of. */
  readonly imported: { readonly source: string; readonly externalId: string } | null;
};

export function isActive(state: RunState): state is ActiveState {
  return (ACTIVE_STATES as readonly RunState[]).includes(state);
}

export function isFinal(state: RunState): state is FinalState {
  return !isActive(state);
}

/** The run its processes were started as, by which its files, its log and its cgroup are named. */
export function startedAs({ id, spec }: Pick<Run, "id" | "spec">): RunId {
  return spec.adopted?.run ?? id;
}
