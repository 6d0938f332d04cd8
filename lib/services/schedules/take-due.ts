import type { Here } from "@/lib/domain/ports/host";
import type { DueSchedule, Schedules, TakenSlot } from "@/lib/domain/ports/schedules";
import { decidePassed, jitterOf, type NextSlot, type Schedule } from "@/lib/domain/schedule";
import { timesOf } from "@/lib/schedules/times";
import { nextSlot } from "./plan-schedule";

type Needs = Pick<Schedules, "listDue" | "takeSlots"> & Pick<Here, "now">;

/** A time that was taken, to be started. `late`: it was missed, and is caught up on. */
export type Fire = { readonly schedule: Schedule; readonly slot: number; readonly late: boolean };

const AT_ONCE = 100;
/** So many times are looked at one by one; of more that were missed only the newest are. */
const MOST_LOOKED_AT = 2_000;

/** Takes the times that have come, each once, and writes down which of them were missed. @returns what is to be started, the oldest first */
export async function takeDue(ctx: Needs): Promise<readonly Fire[]> {
  const fires: Fire[] = [];
  const now = ctx.now();
  for (let due = await ctx.listDue(now, AT_ONCE); due.length > 0; due = await ctx.listDue(now, AT_ONCE)) {
    for (const one of due) fires.push(...(await takeOne(ctx, one, now)));
    if (due.length < AT_ONCE) break;
  }
  return fires;
}

async function takeOne(ctx: Needs, { schedule, next }: DueSchedule, now: number): Promise<Fire[]> {
  const times = timesOf(schedule);
  const { passed, more, skipped, upcoming } = passedSince(schedule, next, now, times);
  const last = passed.at(-1);
  const interval = last === undefined || upcoming === null ? null : upcoming.slot - last.slot;
  const { start, missed } = decidePassed(passed, schedule.missed, now, interval);
  const taken: TakenSlot[] = start.map((slot) => ({ slot, state: "due", why: null, count: 1, audit: null }));
  const newest = missed.at(-1);
  if (newest !== undefined)
    taken.unshift(missedSlot(schedule, newest, missed.length + more, next.slot, skipped));
  if (!(await ctx.takeSlots(schedule, next, taken, upcoming, now))) return [];
  const dueAt = new Map(passed.map((one) => [one.slot, one.dueAt]));
  return start.map((slot) => ({ schedule, slot, late: now - (dueAt.get(slot) ?? now) > 1_000 }));
}

/** All that were missed in a row are one row, at the newest of them. */
function missedSlot(
  { id, jobId }: Schedule,
  slot: number,
  count: number,
  from: number,
  isMore: boolean,
): TakenSlot {
  const iso = (at: number) => new Date(at).toISOString();
  const why =
    count === 1
      ? `No dashboard was there at ${iso(slot)}.`
      : `${isMore ? "More than " : ""}${count} times from ${iso(from)} to ${iso(slot)} were missed: no dashboard was there.`;
  const details = { schedule: id, from: iso(from), to: iso(slot), count };
  const audit = { actor: `schedule:${id}`, action: "schedule.missed", jobId, details };
  return { slot, state: "missed", why, count, audit };
}

type Passed = {
  readonly passed: readonly NextSlot[];
  /** Older ones that were looked at and are not in the list. */
  readonly more: number;
  /** Between those and the list there are others that were not looked at. */
  readonly skipped: boolean;
  readonly upcoming: NextSlot | null;
};

/** The times from `next` on that have come by now. */
function passedSince(
  schedule: Schedule,
  next: NextSlot,
  now: number,
  times: (after: number) => number | null,
): Passed {
  let passed: NextSlot[] = [];
  let more = 0;
  let wasSkipped = false;
  let at: NextSlot | null = next;
  while (at !== null && at.dueAt <= now) {
    passed.push(at);
    if (passed.length > MOST_LOOKED_AT * 2) {
      more += MOST_LOOKED_AT;
      passed = passed.slice(MOST_LOOKED_AT);
      const skipped = skipTo(schedule, now, times);
      // Nearer to now nothing is left out: as many as were just looked at take their time, too.
      if (skipped !== null && skipped.slot > at.slot) {
        wasSkipped = true;
        at = skipped;
      }
    }
    at = nextSlot(schedule, at.slot, times);
  }
  return { passed, more, skipped: wasSkipped, upcoming: at };
}

const DAY_MS = 86_400_000;

/** The first time of the last day, for a schedule that comes every second and was left alone for months. */
function skipTo(schedule: Schedule, now: number, times: (after: number) => number | null): NextSlot | null {
  const slot = times(now - DAY_MS / 24);
  return slot === null || slot > now
    ? null
    : { slot, dueAt: slot + jitterOf(schedule.id, slot, schedule.jitterMs) };
}
