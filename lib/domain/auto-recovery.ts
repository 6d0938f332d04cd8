import type { JobId, RunId } from "./ids";
import type { Job } from "./job";
import type { Run } from "./run";
import type { RecoveryVerdict } from "./verdict";

/** Where a job's recovery by itself stands. */
export const RECOVERY_STATES = ["idle", "waiting", "gave_up", "stopped"] as const;
export type RecoveryState = (typeof RECOVERY_STATES)[number];

export const RECOVERY_ACTIONS = ["resume", "restart"] as const;
export type RecoveryAction = (typeof RECOVERY_ACTIONS)[number];

/**
 * What is kept of a job's streak. With any state but `idle` the end of `runId` has been decided on; with `idle` it is the run
 * that recovers, and its end is still to be decided on.
 */
export type RecoveryRecord = {
  readonly jobId: JobId;
  readonly state: RecoveryState;
  readonly runId: RunId | null;
  /** In a row, without a healthy stretch between them. */
  readonly attempts: number;
  /** Since `since`, healthy stretches or not. */
  readonly resumed: number;
  readonly restarted: number;
  readonly since: number | null;
  /** For display: the wait itself is counted on the monotonic clock. */
  readonly nextAt: number | null;
  readonly nextAction: RecoveryAction | null;
  readonly reason: string | null;
};

export type RecoveryLimits = {
  readonly baseMs: number;
  readonly capMs: number;
  /** A run that was well for so long ends the counting of attempts. */
  readonly healthyMs: number;
  readonly attempts: number;
};

export const RECOVERY_LIMITS: RecoveryLimits = {
  baseMs: 1_000,
  capMs: 300_000,
  healthyMs: 60_000,
  attempts: 5,
};

/** The longest wait before the attempt that follows `attempts` vain ones, in milliseconds. */
export function longestWait(attempts: number, { baseMs, capMs }: RecoveryLimits): number {
  return Math.min(capMs, baseMs * 2 ** attempts);
}

/**
 * Full jitter: anything from nothing to the longest wait, so that what fell together does not rise together.
 * @param random from 0 up to, but not including, 1
 */
export function backOff(attempts: number, limits: RecoveryLimits, random: number): number {
  return Math.floor(random * (longestWait(attempts, limits) + 1));
}

/**
 * How long is left of a wait that an earlier dashboard began, in milliseconds. The wall clock may have been set meanwhile, so it
 * can shorten the wait, and never draw it out beyond what it could have been.
 */
export function waitLeft(record: RecoveryRecord, limits: RecoveryLimits, now: number): number {
  const left = (record.nextAt ?? now) - now;
  return Math.max(0, Math.min(left, Math.max(LOOK_AGAIN_MS, longestWait(record.attempts, limits))));
}

/** Where something outside must change first, it is looked at again after this. */
export const LOOK_AGAIN_MS = 5_000;

export function isArmed(job: Pick<Job, "enabled" | "autoRecover">): boolean {
  return job.enabled && job.autoRecover;
}

/** What an ended run is judged by. */
export type EndFacts = {
  readonly run: Run;
  readonly verdict: RecoveryVerdict;
  readonly sentence: string;
  /** How long it ran, by the monotonic clock where there is one. */
  readonly ranMs: number;
  /** Someone had asked for its end, although it ended otherwise. */
  readonly unwanted: boolean;
};

export type AfterEnd =
  /** Nothing is to be recovered: the streak, if there was one, is over. */
  | { readonly kind: "over" }
  | { readonly kind: "planned"; readonly record: RecoveryRecord; readonly waitMs: number }
  | { readonly kind: "gave_up" | "stopped"; readonly record: RecoveryRecord };

/**
 * What follows the end of a job's newest run.
 * @param record the streak the run belongs to, if any
 * @param random from 0 up to, but not including, 1
 * @param now epoch milliseconds
 */
export function afterEnd(
  job: Job,
  end: EndFacts,
  record: RecoveryRecord | null,
  limits: RecoveryLimits,
  random: number,
  now: number,
): AfterEnd {
  const { run, verdict, ranMs } = end;
  if (!isArmed(job) || !wantsRecovery(run) || end.unwanted) return { kind: "over" };
  const streak = record !== null && record.runId === run.id ? record : newStreak(job.id, run.id, now);
  const attempts = wasHealthy(run, ranMs, limits) ? 0 : streak.attempts;
  const decided = { ...streak, attempts, since: streak.since ?? now, nextAt: null, nextAction: null };
  const why = `${run.id} ended ${run.state.replace("_", " ")}: ${run.reason ?? "no reason is known."}`;
  if (verdict === "complete") {
    const reason = `${why} Its checkpoint says that the work is finished, so there is nothing to recover.`;
    return { kind: "stopped", record: { ...decided, state: "stopped", reason } };
  }
  const action = verdict === "resumable" ? "resume" : "restart";
  return nextAttempt(decided, action, `${why} ${end.sentence}`, limits, random, now);
}

/** Plans one more attempt, or gives up after too many in a row. */
export function nextAttempt(
  streak: RecoveryRecord,
  nextAction: RecoveryAction,
  reason: string,
  limits: RecoveryLimits,
  random: number,
  now: number,
): AfterEnd {
  if (streak.attempts >= limits.attempts) {
    const crashLoop = `Gave up after ${streak.attempts} attempts in a row (crash loop). ${reason}`;
    const record = {
      ...streak,
      state: "gave_up",
      nextAt: null,
      nextAction: null,
      reason: crashLoop,
    } as const;
    return { kind: "gave_up", record };
  }
  const waitMs = backOff(streak.attempts, limits, random);
  const record = { ...streak, state: "waiting", nextAt: now + waitMs, nextAction, reason } as const;
  return { kind: "planned", record, waitMs };
}

export function newStreak(jobId: JobId, runId: RunId | null, now: number): RecoveryRecord {
  return {
    jobId,
    state: "idle",
    runId,
    attempts: 0,
    resumed: 0,
    restarted: 0,
    since: now,
    nextAt: null,
    nextAction: null,
    reason: null,
  };
}

/**
 * Ends that were not wanted. What a shutdown ended goes on at the next start where the job says so, and else was ended on
 * purpose; what another system recorded is history, and what lives on under another data folder must not run twice.
 */
export function wantsRecovery(run: Run): boolean {
  return run.unsettled && run.cause !== "shutdown" && run.cause !== "other_folder" && run.imported === null;
}

/** A run that fell silent was well until then; one that never began was not at all. */
function wasHealthy(run: Run, ranMs: number, { healthyMs }: RecoveryLimits): boolean {
  if (run.startedAt === null || run.cause === "start_timeout") return false;
  const silentMs = run.cause === "silence" ? run.spec.timeouts.silenceMs : 0;
  return ranMs - silentMs >= healthyMs;
}

/** How long a run lasted by the wall clock: for one whose end an earlier dashboard wrote down. */
export function lastedByWallClock({ startedAt, endedAt }: Run): number {
  return startedAt === null || endedAt === null ? 0 : Math.max(0, endedAt - startedAt);
}
