import type { JobId, RunId, ScheduleId } from "./ids";
import type { ParameterValues } from "./parameters";

/** When it is due: by the wall clock of its time zone, or every so often, whatever clocks do. */
export type ScheduleWhen =
  | { readonly by: "cron"; readonly expression: string }
  /** `from`: epoch milliseconds of one of its times, from which the others are counted. */
  | { readonly by: "interval"; readonly everyMs: number; readonly from: number };

/** Days on which it is not due, in its time zone. */
export type DaysOff = {
  /** `2026-12-24`, or `2026-12-24/2027-01-06` with both ends. */
  readonly dates: readonly string[];
  /** 0 is Sunday, 6 Saturday. */
  readonly weekdays: readonly number[];
};

export const NO_DAYS_OFF: DaysOff = { dates: [], weekdays: [] };

/** All that says when something is due. Times are epoch milliseconds. */
export type Timing = {
  readonly when: ScheduleWhen;
  /** Of the IANA, such as Europe/Vienna. */
  readonly timezone: string;
  readonly daysOff: DaysOff;
  /** Not before; null: from now on. */
  readonly startsAt: number | null;
  /** Not at or after; null: for ever. */
  readonly endsAt: number | null;
};

/** What a change of clocks has to do with one time. `forward`: an hour is left out that night; `back`: one comes twice. */
export type ClockChange = {
  readonly change: "forward" | "back";
  /** Epoch milliseconds of the change. */
  readonly at: number;
  /** How far the clocks are set, in milliseconds. */
  readonly byMs: number;
  /** Which of the two this time is, where its hour comes twice; null: it comes once. */
  readonly occurrence: 1 | 2 | null;
  /** It stands for a time that the change leaves out. */
  readonly moved: boolean;
};

/** A time at which something is due. `offsetMs`: how far its zone is ahead of UTC then. */
export type DueTime = { readonly at: number; readonly offsetMs: number; readonly clock: ClockChange | null };

/**
 * How late a slot starts, so that a hundred schedules of the same minute do not start in the same second. The same for one slot on every server and after
 * every restart.
 * @param jitterMs at most so much later
 */
export function jitterOf(schedule: ScheduleId, slot: number, jitterMs: number): number {
  if (jitterMs === 0) return 0;
  // FNV-1a, which spreads neighbouring times well.
  let hash = 0x811c9dc5;
  for (const character of `${schedule}.${slot}`) {
    hash ^= character.charCodeAt(0);
    hash = Math.imul(hash, 0x01000193);
  }
  // Its high bits are the better ones.
  return Math.floor(((hash >>> 8) / 2 ** 24) * (jitterMs + 1));
}

export const MISSED_POLICIES = ["skip", "last", "all"] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];
export const OVERLAPS = ["skip", "queue"] as const;
export type Overlap = (typeof OVERLAPS)[number];
export const SLOT_MODES = ["auto", "fresh"] as const;
export type SlotMode = (typeof SLOT_MODES)[number];

/** What becomes of times at which no dashboard was there, or the host was asleep. */
export type Missed = {
  /** `last`: the newest of them is started late; `all`: each of them, up to `most`. */
  readonly policy: MissedPolicy;
  readonly most: number;
};

export const USUAL_MISSED: Missed = { policy: "last", most: 1 };

export type Schedule = Timing & {
  readonly id: ScheduleId;
  readonly jobId: JobId;
  readonly title: string | null;
  readonly jitterMs: number;
  /** Not enabled: it keeps its times and starts nothing. */
  readonly enabled: boolean;
  readonly missed: Missed;
  /** What happens while the job has a run, whatever began that: the time is skipped, or waits until the run has ended. */
  readonly overlap: Overlap;
  /** What a start does with work that can be resumed. */
  readonly mode: SlotMode;
  /** What the program is given after the job's own arguments; null: nothing. */
  readonly args: readonly string[] | null;
  readonly parameters: ParameterValues | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** Where a schedule stands. `slot`: the planned time, epoch milliseconds; `dueAt`: with its jitter. */
export type NextSlot = { readonly slot: number; readonly dueAt: number };

export const SLOT_STATES = ["due", "waiting", "started", "skipped", "missed", "failed"] as const;
/** `due`: taken, and not decided yet; `waiting`: for the job's run to end. The others are final. */
export type SlotState = (typeof SLOT_STATES)[number];

/** One time of a schedule and what became of it: there is one row for each, also when two take it at once. */
export type Slot = {
  readonly scheduleId: ScheduleId;
  readonly slot: number;
  readonly state: SlotState;
  readonly runId: RunId | null;
  /** In a sentence; null: there is nothing to say. */
  readonly why: string | null;
  /** How many times this one stands for, itself included: many that were missed in a row are one row. */
  readonly count: number;
  readonly at: number;
};

export const MOST_MISSED = 100;
/** A start that is so late was missed: the dashboard was not there, or the host slept. */
export const LATE_MS = 30_000;

/**
 * Which of the times that have passed are started now, under the policy for missed ones.
 * @param passed not decided yet, in their order
 * @param interval between the newest of them and the next one; null: there is no next one
 */
export function decidePassed(
  passed: readonly NextSlot[],
  { policy, most }: Missed,
  now: number,
  interval: number | null,
): { readonly start: readonly number[]; readonly missed: readonly number[] } {
  const late = passed.filter(({ dueAt }) => now - dueAt > LATE_MS);
  const onTime = passed.filter(({ dueAt }) => now - dueAt <= LATE_MS);
  const kept = late.slice(late.length - keptOf(late, { policy, most }, now, interval));
  const start = [...kept, ...onTime].map(({ slot }) => slot);
  return { start, missed: late.slice(0, late.length - kept.length).map(({ slot }) => slot) };
}

/** What is caught up on is the newest, and only if it is not nearly time for the next. */
function keptOf(
  late: readonly NextSlot[],
  { policy, most }: Missed,
  now: number,
  interval: number | null,
): number {
  const newest = late.at(-1);
  if (newest === undefined || policy === "skip") return 0;
  if (policy === "all") return Math.min(late.length, most);
  const isStillOfUse = interval === null || now - newest.dueAt <= interval / 2;
  return isStillOfUse ? 1 : 0;
}
