declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

export type JobId = Brand<"JobId">;
export type RunId = Brand<"RunId">;
export type PlanId = Brand<"PlanId">;
export type WorkerId = Brand<"WorkerId">;

/** A job's id is also a folder name below the data folder, so nothing that could climb out of it may pass. */
export const JOB_ID_PATTERN = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const RUN_ID_PATTERN = /^run_[0-9a-z]{20}$/;

/** Folders the data folder keeps for itself: a job of that name would write among the supervisor's own files. */
export const RESERVED_JOB_IDS = ["runs", "exits", "shims", "logs", "tmp"] as const;

/** SQLite keeps files of its own beside a database (-wal, -shm, -journal): a folder of such a name would break it. */
const RESERVED_BEGINNINGS = ["unstuck.db", "instance.lock", "unstuck.sock"] as const;

/** The id when `text` is one, else null. */
export function parseJobId(text: string): JobId | null {
  if (!JOB_ID_PATTERN.test(text) || (RESERVED_JOB_IDS as readonly string[]).includes(text)) return null;
  if (RESERVED_BEGINNINGS.some((beginning) => text.startsWith(beginning))) return null;
  return text as JobId;
}

/** The id when `text` is one, else null. */
export function parseRunId(text: string): RunId | null {
  return RUN_ID_PATTERN.test(text) ? (text as RunId) : null;
}

/** When a run's id was made, in epoch milliseconds. */
export function madeAt(id: RunId): number {
  return Number.parseInt(id.slice("run_".length, -10), 36);
}

export const PLAN_ID_PATTERN = /^plan_[0-9a-z]{20}$/;

/** The id when `text` is one, else null. */
export function parsePlanId(text: string): PlanId | null {
  return PLAN_ID_PATTERN.test(text) ? (text as PlanId) : null;
}

export const WORKER_ID_PATTERN = /^wrk_[0-9a-z]{20}$/;

/** The id when `text` is one, else null. */
export function parseWorkerId(text: string): WorkerId | null {
  return WORKER_ID_PATTERN.test(text) ? (text as WorkerId) : null;
}

/** Like a run's id. */
export function makeWorkerId(nowMs: number, entropy: string): WorkerId {
  return `wrk_${nowMs.toString(36).padStart(10, "0")}${entropy.slice(0, 10)}` as WorkerId;
}

/** Like a run's id. */
export function makePlanId(nowMs: number, entropy: string): PlanId {
  return `plan_${nowMs.toString(36).padStart(10, "0")}${entropy.slice(0, 10)}` as PlanId;
}

/**
 * Run ids sort by the time they were made: ten base-36 digits of milliseconds, then randomness.
 * @param entropy at least ten characters of 0-9 a-z from a cryptographic source
 */
export function makeRunId(nowMs: number, entropy: string): RunId {
  return `run_${nowMs.toString(36).padStart(10, "0")}${entropy.slice(0, 10)}` as RunId;
}
