import { describe, expect, test } from "vitest";
import { NO_DAYS_OFF, type Timing } from "@/lib/domain/schedule";
import { nextTimes, timesOf } from "./times";
import { offsetAt } from "./zones";

const cron = (expression: string, timezone = "UTC", more: Partial<Timing> = {}): Timing => ({
  when: { by: "cron", expression },
  timezone,
  daysOff: NO_DAYS_OFF,
  startsAt: null,
  endsAt: null,
  ...more,
});
const at = (iso: string) => Date.parse(iso);
/** As a clock on the wall there shows them. */
function local(timing: Timing, after: string, count: number): string[] {
  return nextTimes(timing, at(after), count).map((time) =>
    new Date(time.at + offsetAt(time.at, timing.timezone)).toISOString().slice(0, 16).replace("T", " "),
  );
}

describe("in the night of a change of clocks", () => {
  const VIENNA = "Europe/Vienna";
  const [FORWARD, BACK] = ["2026-03-29T00:00:00Z", "2026-10-24T23:00:00Z"];

  test.each([
    // The hour from 2 to 3 is left out.
    ["30 2 * * *", FORWARD, ["2026-03-29 03:00", "2026-03-30 02:30"]],
    ["0,30 2 * * *", FORWARD, ["2026-03-29 03:00", "2026-03-30 02:00"]],
    ["*/20 2 * * *", FORWARD, ["2026-03-30 02:00", "2026-03-30 02:20"]],
    ["30 * * * *", FORWARD, ["2026-03-29 01:30", "2026-03-29 03:30"]],
    ["*/30 * * * *", FORWARD, ["2026-03-29 01:30", "2026-03-29 03:00"]],
    // The hour from 2 to 3 comes twice.
    ["30 2 * * *", BACK, ["2026-10-25 02:30", "2026-10-26 02:30"]],
    ["0,30 2 * * *", BACK, ["2026-10-25 02:00", "2026-10-25 02:30", "2026-10-26 02:00"]],
    ["*/30 2 * * *", BACK, ["2026-10-25 02:00", "2026-10-25 02:30", "2026-10-25 02:00", "2026-10-25 02:30"]],
    ["30 * * * *", BACK, ["2026-10-25 01:30", "2026-10-25 02:30", "2026-10-25 02:30", "2026-10-25 03:30"]],
  ])("%s from %s comes at %j", (expression, after, expected) => {
    expect(local(cron(expression, VIENNA), after, expected.length)).toEqual(expected);
  });

  test("a zone may set its clocks by half an hour", () => {
    const howe = "Australia/Lord_Howe";
    expect(local(cron("15 2 * * *", howe), "2026-10-03T12:00:00Z", 2)).toEqual([
      "2026-10-04 02:30",
      "2026-10-05 02:15",
    ]);
    expect(local(cron("*/15 1 * * *", howe), "2026-04-04T13:50:00Z", 7)).toEqual([
      ...["2026-04-05 01:00", "2026-04-05 01:15", "2026-04-05 01:30", "2026-04-05 01:45"],
      ...["2026-04-05 01:30", "2026-04-05 01:45", "2026-04-06 01:00"],
    ]);
  });

  test("what is left out before midnight comes at midnight, on the next day", () => {
    // In Greenland clocks go from 23:00 to 0:00.
    const nuuk = (expression: string) => local(cron(expression, "America/Nuuk"), "2026-03-28T12:00:00Z", 3);
    expect(nuuk("30 23 * * *")).toEqual(["2026-03-29 00:00", "2026-03-29 23:30", "2026-03-30 23:30"]);
    expect(nuuk("15,45 22-23 * * SAT")).toEqual(["2026-03-28 22:15", "2026-03-28 22:45", "2026-03-29 00:00"]);
    expect(nuuk("0 0 * * *")).toEqual(["2026-03-29 00:00", "2026-03-30 00:00", "2026-03-31 00:00"]);
    expect(nuuk("*/30 23 * * *")).toEqual(["2026-03-29 23:00", "2026-03-29 23:30", "2026-03-30 23:00"]);
    expect(nextTimes(cron("30 23 28 3 *", "America/Nuuk"), at("2026-03-01T00:00:00Z"), 1)[0]).toMatchObject({
      at: at("2026-03-29T01:00:00Z"),
      clock: { change: "forward", moved: true },
    });
  });

  test("each time says what the change has to do with it", () => {
    const hour = 3_600_000;
    const [change, offsetMs] = [at("2026-03-29T01:00:00Z"), 2 * hour];
    const clock = { change: "forward", at: change, byMs: hour, occurrence: null, moved: true };
    expect(nextTimes(cron("30 2 * * *", VIENNA), at(FORWARD), 2)).toEqual([
      { at: change, offsetMs, clock },
      { at: at("2026-03-30T00:30:00Z"), offsetMs, clock: null },
    ]);
    expect(nextTimes(cron("0 3 * * *", VIENNA), at(FORWARD), 1)[0]?.clock).toMatchObject({ moved: false });
    const twice = nextTimes(cron("*/30 2 * * *", VIENNA), at(BACK), 4);
    expect(twice.map(({ clock }) => clock?.occurrence)).toEqual([1, 1, 2, 2]);
    expect(twice[0]?.clock).toMatchObject({ change: "back", at: at("2026-10-25T01:00:00Z"), byMs: -hour });
    const around = [cron("15 1 * * *", VIENNA), cron("15 3 * * *", VIENNA)];
    for (const timing of around)
      expect(nextTimes(timing, at(BACK), 1)[0]?.clock).toMatchObject({ change: "back", occurrence: null });
  });
});

test("an interval counts on from its first time, whatever clocks do", () => {
  const when = { by: "interval", everyMs: 90 * 60_000, from: at("2026-10-24T22:10:00Z") } as const;
  const timing = { ...cron("", "Europe/Vienna"), when };
  const times = nextTimes(timing, at("2026-10-24T23:00:00Z"), 3).map((time) =>
    new Date(time.at).toISOString(),
  );
  expect(times).toEqual(["2026-10-24T23:40:00.000Z", "2026-10-25T01:10:00.000Z", "2026-10-25T02:40:00.000Z"]);
  expect(timesOf(timing)(at("2026-10-24T10:00:00Z"))).toBe(at("2026-10-24T10:10:00Z"));
  expect(timesOf(timing)(at("2026-10-24T23:40:00Z")), "the next one is later").toBe(
    at("2026-10-25T01:10:00Z"),
  );
});

test("days off are days of its time zone, and a range has both its ends", () => {
  const daysOff = { dates: ["2026-12-24/2026-12-26", "2026-12-31"], weekdays: [0] };
  const timing = cron("30 0 * * *", "Pacific/Auckland", { daysOff });
  expect(local(timing, "2026-12-22T10:00:00Z", 5)).toEqual([
    ...["2026-12-23 00:30", "2026-12-28 00:30", "2026-12-29 00:30", "2026-12-30 00:30", "2027-01-01 00:30"],
  ]);
});

test("it comes neither before it starts nor when it has ended", () => {
  const timing = cron("0 * * * *", "UTC", {
    startsAt: at("2026-01-01T05:00:00Z"),
    endsAt: at("2026-01-01T07:00:00Z"),
  });
  expect(local(timing, "2026-01-01T00:30:00Z", 9)).toEqual(["2026-01-01 05:00", "2026-01-01 06:00"]);
  expect(timesOf(timing)(at("2026-01-01T06:00:00Z"))).toBeNull();
});

test("what never comes is known to", () => {
  expect(timesOf(cron("0 0 31 2 *"))(0)).toBeNull();
  expect(
    timesOf(cron("0 0 * * 1", "UTC", { daysOff: { dates: [], weekdays: [1] } }))(at("2026-01-01T00:00:00Z")),
  ).toBeNull();
});

test.each([
  ["0 30 3 * * *", "2026-01-01 03:30"],
  ["@daily", "2026-01-02 00:00"],
  ["0 12 L * *", "2026-01-31 12:00"],
  ["0 12 15W * *", "2026-01-15 12:00"],
  ["0 12 * * MON#2", "2026-01-12 12:00"],
  ["0 12 * * FRIL", "2026-01-30 12:00"],
  ["0 12 1 JAN-MAR/2 *", "2026-01-01 12:00"],
  ["0 12 13 * FRI", "2026-01-02 12:00"],
  ["0 12 * * 7", "2026-01-04 12:00"],
])(
  "%s is read as Debian's cron reads it, and what that cannot say as Quartz does: %s",
  (expression, first) => {
    expect(local(cron(expression), "2026-01-01T00:00:00Z", 1)).toEqual([first]);
  },
);

test.each([
  // The 13th of a month, or a Friday.
  ["0 0 13 * FRI", ["2026-01-02", "2026-01-09", "2026-01-13"]],
  // An odd day of the month that is a Monday.
  ["0 0 */2 * MON", ["2026-01-05", "2026-01-19", "2026-02-09"]],
  ["0 0 13 * */2", ["2026-01-13", "2026-06-13", "2026-08-13"]],
  ["0 0 * * MON", ["2026-01-05", "2026-01-12", "2026-01-19"]],
  ["0 0 13 * ?", ["2026-01-13", "2026-02-13", "2026-03-13"]],
])(
  "as in crontab(5), either day may fit, but with a star in one of them both have to: %s",
  (expression, days) => {
    const found = local(cron(expression), "2026-01-01T12:00:00Z", 3).map((time) => time.slice(0, 10));
    expect(found).toEqual(days);
  },
);

test.each([
  ["", "minute, hour, day of the month"],
  ["x".repeat(70), "minute, hour, day of the month"],
  ["* * * *", "minute, hour, day of the month"],
  ["* * * * * * *", "minute, hour, day of the month"],
  ["61 * * * *", "minute, hour, day of the month"],
  ["0 25 * * *", "minute, hour, day of the month"],
  ["0 0 32 * *", "minute, hour, day of the month"],
  ["5-1 * * * *", "minute, hour, day of the month"],
  ["*/0 * * * *", "minute, hour, day of the month"],
  ["@reboot", "autoRecover"],
  ["@sometimes", "minute, hour, day of the month"],
  ["0 0 * * fri-sun\n* * * * *", "minute, hour, day of the month"],
])("%j is refused in words", (expression, message) => {
  expect(() => timesOf(cron(expression))).toThrow(message);
});

test.each(["Mars/Base", "", "Europe/Vienna\0", "x".repeat(100)])("%j is no time zone", (timezone) => {
  expect(() => timesOf(cron("0 * * * *", timezone))).toThrow(
    "Expected the name of a time zone such as Europe/Vienna",
  );
});
