import type { Schedule } from "@/lib/domain/schedule";
import { timesOf } from "@/lib/schedules/times";

/** When a schedule comes in a stretch of time. `sampledMs` null: these are all of them; else one for each so many milliseconds in which there are any. */
export type Upcoming = {
  readonly schedule: Schedule;
  /** Epoch milliseconds, without jitter. */
  readonly times: readonly number[];
  readonly sampledMs: number | null;
};

/** One that comes more often than that is drawn as a band, which needs no more. */
const MOST_TIMES = 100;
const SAMPLES = 144;

/**
 * The times from one moment to another. One that comes often costs no more than some hundred steps: from there on it is looked at once in each
 * part of the time.
 */
export function upcomingTimes(schedule: Schedule, from: number, to: number): Upcoming {
  const next = timesOf(schedule);
  const all = timesIn(next, from - 1, to, () => 1, MOST_TIMES + 1);
  if (all.length <= MOST_TIMES) return { schedule, times: all, sampledMs: null };
  const sampledMs = Math.ceil((to - from) / SAMPLES);
  const restOfPart = (at: number) => sampledMs - ((at - from) % sampledMs);
  return { schedule, times: timesIn(next, from - 1, to, restOfPart, SAMPLES), sampledMs };
}

/** @param pass how far after a time the next one may be at the earliest, in milliseconds */
function timesIn(
  next: (after: number) => number | null,
  after: number,
  to: number,
  pass: (at: number) => number,
  most: number,
): number[] {
  const times: number[] = [];
  for (let at = next(after); at !== null && at < to && times.length < most; at = next(at + pass(at) - 1))
    times.push(at);
  return times;
}
