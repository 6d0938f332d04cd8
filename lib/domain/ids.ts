declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

export type JobId = Brand<"JobId">;
export type RunId = Brand<"RunId">;
export type PlanId = Brand<"PlanId">;
export type WorkerId = Brand<"WorkerId">;
export type ScheduleId = Brand<"ScheduleId">;
export type HoldId = Brand<"HoldId">;

/** A job's id is also a folder name below the data folder, so nothing that could climb out of it may pass. */
export const JOB_ID_PATTERN = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export const RUN_ID_IN_TEXT = "run_[0-9a-z]{20}";
export const RUN_ID_PATTERN = new RegExp(`^${RUN_ID_IN_TEXT}$`);

/**
 * Folders the data folder keeps for itself: a job of that name would write among the supervisor's own files. A new one gets a name that
 * begins with `_`, which no id does. `shims` is where launchers of 0.1.0 lie, and runs that they started may still be alive.
 */
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

export const HOLD_ID_PATTERN = /^hold_[0-9a-z]{20}$/;

/** The id when `text` is one, else null. */
export function parseHoldId(text: string): HoldId | null {
  return HOLD_ID_PATTERN.test(text) ? (text as HoldId) : null;
}

export const SCHEDULE_ID_PATTERN = /^sch_[0-9a-z]{20}$/;

/** The id when `text` is one, else null. */
export function parseScheduleId(text: string): ScheduleId | null {
  return SCHEDULE_ID_PATTERN.test(text) ? (text as ScheduleId) : null;
}

/** The id when `text` is one, else null. */
export function parsePlanId(text: string): PlanId | null {
  return PLAN_ID_PATTERN.test(text) ? (text as PlanId) : null;
}

export const WORKER_ID_PATTERN = /^wrk_[0-9a-z]{20}$/;

/** The id when `text` is one, else null. */
export function parseWorkerId(text: string): WorkerId | null {
  return WORKER_ID_PATTERN.test(text) ? (text as WorkerId) : null;
}

/**
 * The id of a run that another system recorded: it sorts by the time of that, among the history. Ids of runs of our own come from
 * `nextStamp`.
 * @param entropy at least ten characters of 0-9 a-z from a cryptographic source
 */
export function makeRunId(nowMs: number, entropy: string): RunId {
  return `run_${stamp(nowMs, entropy)}` as RunId;
}

function stamp(nowMs: number, entropy: string): string {
  return `${nowMs.toString(36).padStart(TIME_DIGITS, "0")}${entropy.slice(0, RANDOM_DIGITS)}`;
}

const TIME_DIGITS = 10;
const RANDOM_DIGITS = 10;

/**
 * What follows the prefix of an id: ten base-36 digits of milliseconds, then ten random ones. It always sorts behind `last`: while
 * the clock shows the time of `last` or an earlier one, the time stays and the random part grows by a random step.
 * @param last the newest stamp there is; "" when there is none
 * @param entropy at least ten characters of 0-9 a-z from a cryptographic source
 */
export function nextStamp(last: string, nowMs: number, entropy: string): string {
  const fresh = stamp(nowMs, entropy);
  const [time, random] = [last.slice(0, TIME_DIGITS), last.slice(TIME_DIGITS)];
  if (fresh.slice(0, TIME_DIGITS) > time) return fresh;
  const grown = Number.parseInt(random, 36) + 1 + Number.parseInt(entropy.slice(0, 4), 36);
  // Below 36^10 a number is exact.
  if (grown < 36 ** RANDOM_DIGITS) return `${time}${grown.toString(36).padStart(RANDOM_DIGITS, "0")}`;
  return stamp(Number.parseInt(time, 36) + 1, entropy);
}

/** Like a run's id. */
export function makeWorkerId(nowMs: number, entropy: string): WorkerId {
  return `wrk_${nowMs.toString(36).padStart(10, "0")}${entropy.slice(0, 10)}` as WorkerId;
}
