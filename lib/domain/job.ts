import type { JobId } from "./ids";

export const JOB_KINDS = ["command", "scrapy", "crawlee"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const SILENCE_ACTIONS = ["stop", "flag"] as const;
export type SilenceAction = (typeof SILENCE_ACTIONS)[number];

/** All in milliseconds. */
export type Timeouts = {
  readonly startMs: number;
  readonly silenceMs: number;
  /** null: a run may last for ever. */
  readonly maxDurationMs: number | null;
  readonly stopGraceMs: number;
};

export type Job = {
  readonly id: JobId;
  readonly title: string;
  readonly kind: JobKind;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly checkpoint: string | null;
  readonly pidFile: string | null;
  readonly timeouts: Timeouts;
  readonly onSilence: SilenceAction;
  readonly locks: readonly string[];
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What a run keeps of its job: the settings as they were when it was asked for, whatever the job becomes later. */
export type RunSpec = Pick<
  Job,
  "kind" | "argv" | "cwd" | "env" | "checkpoint" | "timeouts" | "onSilence" | "locks"
> & {
  /** Begin anew: the checkpoint that is there is moved aside (never deleted) before the program starts. */
  readonly fresh: boolean;
};

export function toRunSpec(job: Job, extraArgs: readonly string[], fresh: boolean): RunSpec {
  const { kind, cwd, env, checkpoint, timeouts, onSilence, locks } = job;
  return { kind, argv: [...job.argv, ...extraArgs], cwd, env, checkpoint, timeouts, onSilence, locks, fresh };
}

/** Every lock a run of this job needs: the job's own first, then the shared ones, sorted so that all runs agree on an order. */
export function lockNames(jobId: JobId, shared: readonly string[]): readonly string[] {
  const others = [...new Set(shared)].sort();
  return [`job:${jobId}`, ...others.map((name) => `shared:${name}`)];
}
