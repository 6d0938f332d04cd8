import { Cron } from "croner";
import { AppError } from "@/lib/domain/errors";
import type { ClockChange, DaysOff, DueTime, Timing } from "@/lib/domain/schedule";
import { expressionProblem } from "./expression-problem";
import { changeNear, changesBetween, localDay, offsetAt, restOfDay, zoneOf } from "./zones";

const HOUR_MS = 3_600_000;
/** Nothing is planned further ahead, and what does not come until then never does. */
const HORIZON_MS = 30 * 366 * 86_400_000;

/**
 * The times of a schedule, by the engine that starts by them. In a gap of the clock a fixed time comes right after it and one with a step or `*` not at
 * all; in an hour that comes twice a fixed time comes once and a step in both.
 * @param after epoch milliseconds; the first one is later than that
 * @throws AppError SCHEDULE_REFUSED where the expression or the time zone cannot be read
 */
export function timesOf(timing: Timing): (after: number) => number | null {
  const next = engineOf(timing);
  const { daysOff, timezone, startsAt, endsAt } = timing;
  const offUntil = offDays(daysOff, timezone);
  return (after) => {
    if (new Set(daysOff.weekdays).size === 7) return null;
    let from = Math.max(after, (startsAt ?? Number.NEGATIVE_INFINITY) - 1);
    for (;;) {
      const at = next(from);
      if (at === null || (endsAt !== null && at >= endsAt) || at - after > HORIZON_MS) return null;
      const until = offUntil(at);
      if (until === null) return at;
      from = until;
    }
  };
}

/** The next so many times, each with what a change of clocks has to do with it. */
export function nextTimes(timing: Timing, after: number, count: number): readonly DueTime[] {
  const next = timesOf(timing);
  const times: DueTime[] = [];
  for (let at = next(after); at !== null && times.length < count; at = next(at))
    times.push(describeTime(timing, at));
  return times;
}

/** One of its times, as a clock on the wall shows it there. */
export function describeTime(timing: Timing, at: number): DueTime {
  return { at, offsetMs: offsetAt(at, timing.timezone), clock: clockChange(timing, at) };
}

function engineOf({ when, timezone }: Timing): (after: number) => number | null {
  zoneOf(timezone);
  if (when.by === "interval")
    return (after) => when.from + (Math.floor((after - when.from) / when.everyMs) + 1) * when.everyMs;
  const cron = read(when.expression, timezone);
  const next = (after: number) => cron.nextRun(new Date(after))?.getTime() ?? null;
  return isFixedTime(cron) ? withLeftOut(next, read(when.expression, "UTC"), timezone) : next;
}

/** Without a `*` or a step in second, minute and hour. */
function isFixedTime(cron: Cron): boolean {
  const fields = (cron.getPattern() ?? "").split(/\s+/);
  return !fields.slice(0, -3).some((field) => /[*?/]/.test(field));
}

/**
 * croner moves a time that a change of clocks leaves out to the end of the gap, but not where that is the next day: in Greenland clocks go from 23:00 to 0:00.
 * @param inUtc the same times, on a clock that is never changed
 */
function withLeftOut(
  next: (after: number) => number | null,
  inUtc: Cron,
  timezone: string,
): (after: number) => number | null {
  return (after) => {
    const at = next(after);
    if (at === null) return null;
    for (const change of changesBetween(after, at, timezone)) {
      if (change.byMs < 0) continue;
      const gapEnd = change.at + offsetAt(change.at, timezone);
      const leftOut = inUtc.nextRun(new Date(gapEnd - change.byMs - 1))?.getTime() ?? gapEnd;
      if (leftOut < gapEnd) return change.at;
    }
    return at;
  };
}

/** @throws AppError SCHEDULE_REFUSED */
function read(expression: string, timezone: string): Cron {
  if (/^\s*@reboot\s*$/i.test(expression))
    throw refused(
      "expected a time; @reboot is none: a job that is to run as long as the host does recovers by itself (autoRecover)",
    );
  try {
    return new Cron(expression, {
      paused: true,
      timezone,
      mode: "5-or-6-parts",
      domAndDow: hasStarredDay(expression),
      // A list of hours is as fixed as one hour.
      fixedTimeRule: "no-wildcard",
    });
  } catch (error) {
    const theirs = error instanceof Error ? error.message.replace(/^Cron\w*: /, "") : String(error);
    const why = expressionProblem(expression) ?? theirs;
    throw refused(
      `expected minute, hour, day of the month, month and day of the week, with seconds before them if need be; ${why}`,
      why,
    );
  }
}

/** As crontab(5) has it, a day field with a star, even in a step, leaves the other its say: both have to fit then, else either does. */
function hasStarredDay(expression: string): boolean {
  const fields = expression.trim().split(/\s+/);
  return [fields.at(-3), fields.at(-1)].some((field) => field?.startsWith("*"));
}

/** @param short for who sees what an expression is made of already */
function refused(why: string, short = why): AppError {
  const message = `The schedule cannot be read: ${why}`;
  return new AppError("SCHEDULE_REFUSED", message, { field: "when", why: short });
}

/** From a time: until when it is surely a day off; null: it is none. So what comes every second is not asked second by second for weeks. */
function offDays({ dates, weekdays }: DaysOff, timezone: string): (at: number) => number | null {
  if (dates.length === 0 && weekdays.length === 0) return () => null;
  const ranges = dates.map((date) => date.split("/")).map(([from = "", to = from]) => ({ from, to }));
  return (at) => {
    const { date, weekday } = localDay(at, timezone);
    const range = ranges.find(({ from, to }) => from <= date && date <= to);
    if (range === undefined && !weekdays.includes(weekday)) return null;
    // No zone is further ahead than 14 hours, so its last day still goes on then.
    const inRange = range === undefined ? at : Date.parse(range.to) + 9 * HOUR_MS;
    return Math.max(restOfDay(at, timezone), inRange);
  };
}

function clockChange({ when, timezone }: Timing, at: number): ClockChange | null {
  const near = changeNear(at, timezone);
  if (near === null) return null;
  const change = near.byMs > 0 ? "forward" : "back";
  const moved =
    change === "forward" &&
    when.by === "cron" &&
    near.at === at &&
    !comesAnyway(when.expression, timezone, at);
  return { change, ...near, occurrence: change === "back" ? occurrence(at, near) : null, moved };
}

/** Whether the very first moment after a gap is one that the expression names. */
function comesAnyway(expression: string, timezone: string, at: number): boolean {
  return read(expression, timezone).match(new Date(at));
}

function occurrence(
  at: number,
  { at: changeAt, byMs }: { readonly at: number; readonly byMs: number },
): 1 | 2 | null {
  if (at >= changeAt + byMs && at < changeAt) return 1;
  return at >= changeAt && at < changeAt - byMs ? 2 : null;
}
