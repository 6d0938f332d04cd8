import { AppError } from "@/lib/domain/errors";

const formats = new Map<string, Intl.DateTimeFormat>();
/** Names come from people; more than there are zones are nonsense. */
const MOST_KEPT = 1_000;

/** @throws AppError SCHEDULE_REFUSED */
export function zoneOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "numeric", day: "numeric", weekday: "short" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
    if (formats.size > MOST_KEPT) formats.clear();
    formats.set(timezone, format);
    return format;
  } catch {
    const message = `Expected the name of a time zone such as Europe/Vienna, found ${JSON.stringify(timezone.slice(0, 80))}.`;
    throw new AppError("SCHEDULE_REFUSED", message, { field: "timezone" });
  }
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** The wall clock there, as if it were UTC, in epoch milliseconds without the milliseconds; and the day of the week. */
function wallClock(at: number, timezone: string): { readonly ms: number; readonly weekday: number } {
  const parts: Record<string, string> = {};
  for (const { type, value } of zoneOf(timezone).formatToParts(at)) parts[type] = value;
  const { year, month, day, hour, minute, second, weekday = "" } = parts;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return { ms, weekday: WEEKDAYS.indexOf(weekday) };
}

/** `date`: 2026-12-24; `weekday`: 0 is Sunday. */
export function localDay(at: number, timezone: string): { readonly date: string; readonly weekday: number } {
  const { ms, weekday } = wallClock(at, timezone);
  return { date: new Date(ms).toISOString().slice(0, 10), weekday };
}

/** How far the zone is ahead of UTC at that moment, in milliseconds. */
export function offsetAt(at: number, timezone: string): number {
  return wallClock(at, timezone).ms - Math.floor(at / 1_000) * 1_000;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** As far as a person would say "that night". */
const NEAR_MS = 4 * HOUR_MS;

/** `at`: epoch milliseconds of a change of clocks; `byMs`: how far they are set, forward if that is more than 0. */
export type Change = { readonly at: number; readonly byMs: number };

/** The change of clocks around a time; null: there is none. */
export function changeNear(at: number, timezone: string): Change | null {
  return changeWithin(at - NEAR_MS, at + NEAR_MS, timezone);
}

/** Those later than `from`, up to `to`, in their order. */
export function* changesBetween(from: number, to: number, timezone: string): Generator<Change> {
  // No zone changes its clocks twice in a week: Ramadan, the shortest time between two of them, has four.
  for (let start = from; start < to; start += 7 * DAY_MS) {
    const change = changeWithin(start, Math.min(start + 7 * DAY_MS, to), timezone);
    if (change !== null) yield change;
  }
}

/** Until when it is surely that day, on without a change of clocks: the last millisecond of that. */
export function restOfDay(at: number, timezone: string): number {
  const sinceMidnight = (wallClock(at, timezone).ms + (at % 1_000)) % DAY_MS;
  const end = at - sinceMidnight + DAY_MS - 1;
  return (changeWithin(at, end, timezone)?.at ?? end + 1) - 1;
}

/** For spans with one change at most. */
function changeWithin(start: number, end: number, timezone: string): Change | null {
  const [before, after] = [offsetAt(start, timezone), offsetAt(end, timezone)];
  if (before === after) return null;
  // Changes come at whole minutes.
  let [from, to] = [Math.floor(start / 60_000), Math.ceil(end / 60_000)];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(middle * 60_000, timezone) === before) from = middle;
    else to = middle;
  }
  return { at: to * 60_000, byMs: after - before };
}
