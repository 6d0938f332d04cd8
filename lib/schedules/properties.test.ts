import { describe, expect, test } from "vitest";
import type { ScheduleId } from "@/lib/domain/ids";
import { type DaysOff, jitterOf, NO_DAYS_OFF, type ScheduleWhen, type Timing } from "@/lib/domain/schedule";
import { nextTimes, timesOf } from "./times";

/** What holds for every schedule, over some hundred made by chance; a seed makes the same ones each time. */

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const START = Date.UTC(2026, 0, 1);

type Chance = {
  /** A whole number from 0 up to, but not including, that. */
  below(count: number): number;
  oneOf<Item>(items: readonly Item[]): Item;
};

/** Mulberry32. */
function chance(seed: number): Chance {
  let state = seed;
  const below = (count: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  };
  return { below, oneOf: (items) => items[below(items.length)] as (typeof items)[number] };
}

const ZONES = [
  ...[
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
  ],
  ...["America/Nuuk", "America/Santiago", "Antarctica/Troll", "Pacific/Kiritimati", "Pacific/Pago_Pago"],
];
const EXPRESSIONS = [
  ...[
    "30 2 * * *",
    "0 0 * * *",
    "30 23 * * *",
    "0,30 1-3 * * *",
    "*/30 2 * * *",
    "45 */5 * * *",
    "0 6 * * MON-FRI",
  ],
  ...["0 12 L * *", "0 12 15W * *", "0 12 13 * FRI", "20,40 30 0 * * *", "0 */4 * * SUN"],
];

type Made = { readonly timing: Timing; readonly plain: Timing; readonly from: number; readonly to: number };

function made(seed: number): Made {
  const { below, oneOf } = chance(seed);
  const from = START + below(3_600) * DAY + below(DAY / MINUTE) * MINUTE;
  const to = from + (40 + below(60)) * DAY;
  const moment = () => from + below((to - from) / 1_000) * 1_000;
  const date = () => new Date(moment()).toISOString().slice(0, 10);
  const range = () => [date(), date()].sort().join("/");
  const daysOff: DaysOff = {
    dates: Array.from({ length: below(4) }, () => oneOf([date, date, range])()),
    weekdays: oneOf([[], [], [0], [0, 6], [1, 3, 5]]),
  };
  const when: ScheduleWhen = oneOf([
    { by: "cron", expression: oneOf(EXPRESSIONS) },
    { by: "cron", expression: oneOf(EXPRESSIONS) },
    {
      by: "interval",
      everyMs: oneOf([7 * HOUR, DAY, 90 * MINUTE, 36 * HOUR + 1]),
      from: moment() + below(1_000),
    },
  ]);
  const plain = { when, timezone: oneOf(ZONES), daysOff: NO_DAYS_OFF, startsAt: null, endsAt: null };
  // Sometimes the very time of one.
  const limit = () => oneOf([null, moment(), timesOf(plain)(moment())]);
  const [startsAt, endsAt] = [limit(), limit()];
  return { timing: { ...plain, daysOff, startsAt, endsAt }, plain, from, to };
}

function listed(timing: Timing, from: number, to: number): number[] {
  const next = timesOf(timing);
  const times: number[] = [];
  for (let at = next(from); at !== null && at < to; at = next(at)) times.push(at);
  return times;
}

/** By the calendar of the zone, in another way than the engine's. */
function isOff({ daysOff: { dates, weekdays }, timezone }: Timing, at: number): boolean {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" }).format(at);
  const isWeekdayOff = weekdays.includes(new Date(`${day}T12:00:00Z`).getUTCDay());
  return isWeekdayOff || dates.some((text) => day >= text.slice(0, 10) && day <= text.slice(-10));
}

describe("whatever its days off, its start and its end", () => {
  test.each(Array.from({ length: 150 }, (_, seed) => seed))(
    "schedule %i keeps them and skips nothing else",
    (seed) => {
      const { timing, plain, from, to } = made(seed);
      const { startsAt, endsAt } = timing;
      const times = listed(timing, from, to);
      const expected = listed(plain, from, to).filter(
        (at) =>
          (startsAt === null || at >= startsAt) && (endsAt === null || at < endsAt) && !isOff(timing, at),
      );
      expect(times).toEqual(expected);
      expect(times.every((at, index) => index === 0 || at > (times[index - 1] ?? at))).toBe(true);
      const { below } = chance(seed + 1_000);
      const next = timesOf(timing);
      for (let tries = 0; tries < 40; tries += 1) {
        const near = times[below(times.length)] ?? from;
        const after = tries % 2 === 0 ? from + below(to - from) : near + below(3) - 1;
        const wanted = expected.find((at) => at > after);
        if (after >= from && wanted !== undefined) expect(next(after), `after ${after}`).toBe(wanted);
      }
      expect(
        nextTimes(timing, from, 5)
          .map(({ at }) => at)
          .filter((at) => at < to),
      ).toEqual(times.slice(0, 5));
    },
  );
});

test("an interval comes at each whole multiple of it from its first time, before that too, and at no other", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const { below } = chance(seed);
    const [everyMs, from] = [1_000 + below(DAY), START + below(DAY)];
    const timing: Timing = {
      when: { by: "interval", everyMs, from },
      ...{ timezone: "Europe/Vienna", daysOff: NO_DAYS_OFF, startsAt: null, endsAt: null },
    };
    const next = timesOf(timing);
    for (let tries = 0; tries < 20; tries += 1) {
      const after = START - DAY + below(30 * DAY);
      const at = next(after) ?? Number.NaN;
      expect(Math.abs((at - from) % everyMs)).toBe(0);
      expect(at > after && at <= after + everyMs).toBe(true);
    }
  }
});

describe("days off that go on for long", () => {
  const often = (when: ScheduleWhen, daysOff: Partial<DaysOff>): Timing => ({
    ...{ when, timezone: "Europe/Vienna", startsAt: null, endsAt: null },
    daysOff: { ...NO_DAYS_OFF, ...daysOff },
  });
  const everySecond = { by: "cron", expression: "* * * * * *" } as const;
  const everyMinute = { by: "cron", expression: "* * * * *" } as const;

  test.each([
    [
      "a weekend, of every second",
      often(everySecond, { weekdays: [0, 6] }),
      "2026-03-27T23:00:00Z",
      "2026-03-29T22:00:00.000Z",
    ],
    [
      "a weekend, of an interval",
      often({ by: "interval", everyMs: 1_000, from: START }, { weekdays: [0, 6] }),
      "2026-03-27T23:00:00Z",
      "2026-03-29T22:00:00.000Z",
    ],
    [
      "a year, of every minute",
      often(everyMinute, { dates: ["2026-01-01/2026-12-31"] }),
      "2026-01-01T00:00:00Z",
      "2026-12-31T23:00:00.000Z",
    ],
    [
      "eight years, of every second",
      often(everySecond, { dates: ["2026-01-01/2033-12-31"] }),
      "2026-01-01T00:00:00Z",
      "2033-12-31T23:00:00.000Z",
    ],
  ])("%s: the first time after them comes", (_title, timing, after, expected) => {
    const at = timesOf(timing)(Date.parse(after));
    expect(at === null ? null : new Date(at).toISOString()).toBe(expected);
  });

  test("what is off every day never comes, and that is known without a search through thirty years", () => {
    const never = often(everySecond, { weekdays: [0, 1, 2, 3, 4, 5, 6] });
    const took = Array.from({ length: 5 }, () => {
      const began = performance.now();
      expect(timesOf(never)(START)).toBeNull();
      return performance.now() - began;
    });
    // The search takes some hundred milliseconds, in which the dashboard would do nothing else.
    expect(Math.min(...took)).toBeLessThan(50);
  });
});

test("jitter is at most what was said, the same each time, and spread evenly", () => {
  const schedules = Array.from(
    { length: 100 },
    (_, number) => `sch_${String(number).padStart(20, "0")}` as ScheduleId,
  );
  for (let seed = 0; seed < 100; seed += 1) {
    const { below, oneOf } = chance(seed);
    const [id, slot, most] = [oneOf(schedules), START + below(1e6) * MINUTE, below(DAY)];
    const jitter = jitterOf(id, slot, most);
    expect(Number.isInteger(jitter) && jitter >= 0 && jitter <= most).toBe(true);
    expect(jitterOf(id, slot, most)).toBe(jitter);
  }
  // A hundred schedules of one minute: no tenth of the span is empty, none has more than a quarter of them.
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const id of schedules) {
    const tenth = Math.min(9, Math.floor(jitterOf(id, START, 10 * MINUTE) / MINUTE));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(Math.min(...tenths)).toBeGreaterThan(0);
  expect(Math.max(...tenths)).toBeLessThan(25);
});
