import { describe, expect, test } from "vitest";
import { NO_DAYS_OFF, type Timing } from "@/lib/domain/schedule";
import { stretchesOf, walkedTimes } from "@/test/brute-force/walk";
import { timesOf } from "./times";

/**
 * The engine against a second implementation that shares nothing with it: a walk over every minute of ten years. It needs no process, but half a minute of a
 * core, which the unit tests do not have.
 */

const DAY_MS = 86_400_000;
const [FROM, TO] = [Date.UTC(2026, 0, 1), Date.UTC(2036, 0, 1)];

const ZONES = [
  "Europe/Vienna",
  "America/New_York",
  // Half an hour.
  "Australia/Lord_Howe",
  // Back for Ramadan and forward after it, four weeks apart, in another season each year.
  "Africa/Casablanca",
  // An offset of 5:45, and no change.
  "Asia/Kathmandu",
  // From 23:00 to the 0:00 of the next day, so what is left out belongs to the day before.
  "America/Nuuk",
  // From 0:00 to 1:00 in spring, and from 24:00 to 23:00 in autumn.
  "America/Santiago",
  // Two hours.
  "Antarctica/Troll",
];

/** Fixed times in and around what is left out or comes twice; some are lists and ranges. */
const FIXED = [
  ...[
    "0 2 * * *",
    "30 2 * * *",
    "0 3 * * *",
    "0,30 2 * * *",
    "15,45 1-3 * * *",
    "30 1 * * *",
    "45 1 * * *",
    "15 2 * * *",
  ],
  ...[
    "0 0 * * *",
    "30 0 * * *",
    "30 23 * * *",
    "59 23 * * *",
    "0 22-23 * * *",
    "0 0-4 * * *",
    "59 0-23 * * *",
  ],
  ...["0 30 2 * * *", "15,45 30 2 * * *", "59 59 1-3 * * *", "@daily", "@weekly", "@monthly"],
];
const STEPS = [
  ...[
    "*/20 2 * * *",
    "30 * * * *",
    "*/30 * * * *",
    "*/15 1-3 * * *",
    "0 */2 * * *",
    "5 1-23/3 * * *",
    "10-50/20 2 * * *",
  ],
  ...[
    "*/20 30 2 * * *",
    "*/10 * 2 * * SUN",
    "*/15 23 * * *",
    "*/25 0 * * *",
    "0 30 */1 * * *",
    "@hourly",
    "*/7 * * * *",
  ],
];
const DAYS = [
  ...[
    "0 3 * * MON",
    "0 12 L * *",
    "0 12 LW * *",
    "0 12 15W * *",
    "0 12 1W,31W * *",
    "0 12 * * FRI#2",
    "0 12 * * FRIL",
  ],
  ...[
    "0 0 29 2 *",
    "0 12 13 * FRI",
    "0 0 1,15 * MON-FRI",
    "0 12 * * TUE#1,THU#5",
    "0 12 15,L * *",
    "0 12 13 * FRI#2",
  ],
  ...[
    "0 0 */2 * MON",
    "0 0 13 * */2",
    "0 0 */5 * */3",
    "0 12 31 * *",
    "0 9 1 1-12/3 *",
    "0 12 * * 7",
    "0 12 * * 5-7",
  ],
  // Days on which clocks may change.
  ...[
    "30 2 * * SUN",
    "30 2 L * *",
    "30 2 25-31 3,10 *",
    "30 2 * * SUNL",
    "30 23 * * SAT",
    "30 23 28 * *",
    "*/30 * 1-7 * SUN",
  ],
];

/** What comes often is compared around each change and on some other days, for the engine needs more than a moment for each. */
const OFTEN = 4_000;

/** Minutes from a change, at which a dashboard may be started or a schedule be made; some in the middle of a second. */
const AROUND = [-150, -61, -30, -0.001, 0, 0.001, 14.5, 29.99, 30, 59.999, 60, 75, 119.5, 120];
const MINUTE_MS = 60_000;

type Span = { readonly from: number; readonly to: number };

function spansOf(times: readonly number[], changes: readonly number[]): readonly Span[] {
  if (times.length <= OFTEN) return [{ from: FROM, to: TO }];
  const days = times.length > 100 * OFTEN ? 0.15 : 1;
  const centres = [...changes, ...[1, 450, 1_520, 2_610, 3_600].map((day) => FROM + day * DAY_MS)];
  return centres.map((at) => ({
    from: Math.max(FROM, at - days * DAY_MS),
    to: Math.min(TO, at + days * DAY_MS),
  }));
}

/** The engine's times of a span, each asked for by the one before it, as the dashboard does. */
function engineTimes(next: (after: number) => number | null, { from, to }: Span): number[] {
  const times: number[] = [];
  for (let at = next(from - 1); at !== null && at < to; at = next(at)) times.push(at);
  return times;
}

describe.each(ZONES)("ten years in %s", (timezone) => {
  const stretches = stretchesOf(timezone, FROM, TO);
  const changes = stretches.slice(1).map(({ from }) => from);

  test.each([...FIXED, ...STEPS, ...DAYS])(
    "%s comes when a walk over every minute finds it",
    (expression) => {
      const timing: Timing = {
        when: { by: "cron", expression },
        ...{ timezone, daysOff: NO_DAYS_OFF, startsAt: null, endsAt: null },
      };
      const walked = walkedTimes(expression, stretches);
      const next = timesOf(timing);
      expect(walked.length).toBeGreaterThan(0);
      for (const span of spansOf(walked, changes)) {
        const expected = walked.filter((at) => at >= span.from && at < span.to);
        const found = engineTimes(next, span);
        if (JSON.stringify(found) === JSON.stringify(expected)) continue;
        expect(differences(found, expected)).toEqual([]);
        expect(found, "in their order, each once").toEqual(expected);
      }
      for (const after of changes.flatMap((at) => AROUND.map((minutes) => at + minutes * MINUTE_MS))) {
        const [wanted, first] = [firstAfter(walked, after), next(after)];
        if (wanted !== undefined && first !== wanted)
          expect(iso(first ?? 0), `the first after ${iso(after)}`).toBe(iso(wanted));
      }
    },
  );
});

/** By halving: there are up to half a million. */
function firstAfter(times: readonly number[], after: number): number | undefined {
  let [from, to] = [0, times.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((times[middle] ?? 0) > after) to = middle;
    else from = middle + 1;
  }
  return times[from];
}

const iso = (at: number) => new Date(at).toISOString();

/** Some of them; the rest is alike. */
function differences(found: readonly number[], expected: readonly number[]): string[] {
  const [has, should] = [new Set(found), new Set(expected)];
  return [
    ...expected.filter((at) => !has.has(at)).map((at) => `missing ${iso(at)}`),
    ...found.filter((at) => !should.has(at)).map((at) => `too much ${iso(at)}`),
  ].slice(0, 10);
}
