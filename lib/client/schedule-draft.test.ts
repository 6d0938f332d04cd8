import { describe, expect, test } from "vitest";
import type { ScheduleView } from "@/lib/contracts/schedule";
import { ApiProblem } from "./problem";
import { readScheduleDraft, readTiming } from "./read-schedule-draft";
import { draftOfSchedule, emptyDraft, isMore, type ScheduleDraft, saysMore } from "./schedule-draft";
import { placeRefusal } from "./schedule-problem";

const MADE_AT = Date.parse("2026-11-30T10:20:00Z");
const draft = (more: Partial<ScheduleDraft> = {}): ScheduleDraft => ({
  ...emptyDraft("Europe/Vienna"),
  expression: "0 3 * * *",
  ...more,
});
const read = (more: Partial<ScheduleDraft>, before: ScheduleView | null = null) =>
  readScheduleDraft(draft(more), before, MADE_AT);
const issuesOf = (more: Partial<ScheduleDraft>) => {
  const reading = read(more);
  return reading.ok ? {} : reading.issues;
};

const FULL: ScheduleView = {
  id: "sch_0",
  job: "shop",
  title: "Nightly",
  when: { by: "interval", everyMs: 5_400_000, from: "2026-10-25T00:30:00.250Z" },
  words: "Every 90 minutes",
  timezone: "Europe/Vienna",
  daysOff: { dates: ["2026-12-24/2027-01-06", "2026-10-26"], weekdays: [0, 6] },
  startsAt: "2026-10-25T01:30:00.000Z",
  endsAt: "2027-12-31T23:00:00.000Z",
  jitterMs: 60_000,
  enabled: true,
  missed: { policy: "all", most: 7 },
  overlap: "queue",
  mode: "fresh",
  args: ["--page", "a b"],
  parameters: null,
  version: 3,
  createdAt: "2026-11-01T00:00:00.000Z",
  updatedAt: "2026-11-01T00:00:00.000Z",
  next: null,
};

test("what was read is what is sent again when nothing was touched, to the millisecond and in the second of two hours", () => {
  const before = draftOfSchedule(FULL);
  expect(before).toMatchObject({
    every: "1 h 30 min",
    from: "2026-10-25T02:30",
    startsAt: "2026-10-25T02:30",
  });
  expect(before.dates).toBe("2026-12-24 to 2027-01-06\n2026-10-26");
  const reading = readScheduleDraft(before, FULL, MADE_AT);
  const { id: _1, job: _2, words: _3, enabled: _4, parameters: _5, ...rest } = FULL;
  const { version: _6, createdAt: _7, updatedAt: _8, next: _9, ...sent } = rest;
  expect(reading).toEqual({ ok: true, value: sent });
});

test("times are wall clocks of the zone that is typed", () => {
  const reading = read({ timezone: "Asia/Tokyo", startsAt: "2026-12-01T09:00" });
  expect(reading).toMatchObject({ ok: true, value: { startsAt: "2026-12-01T00:00:00.000Z" } });
});

test("an interval that says nothing else counts from when the form was made", () => {
  const reading = read({ by: "interval", every: "1h" });
  const when = { by: "interval", everyMs: 3_600_000, from: "2026-11-30T10:20:00.000Z" };
  expect(reading).toMatchObject({
    ok: true,
    value: { when, args: null, title: null, missed: { policy: "last", most: 1 } },
  });
});

test("that there are no arguments stays said", () => {
  const none = { ...FULL, args: [] };
  expect(readScheduleDraft(draftOfSchedule(none), none, MADE_AT)).toMatchObject({
    ok: true,
    value: { args: [] },
  });
});

describe("what is wrong is said at its field", () => {
  test.each([
    [{ expression: " " }, { expression: "Required." }],
    [{ by: "interval", every: "soon" }, { every: expect.stringContaining("found “soon”") }],
    [{ by: "interval", every: "10 ms" }, { every: "Expected at least 1 s." }],
    [{ by: "interval", every: "400 d" }, { every: "Expected at most 366 d." }],
    [{ by: "interval", every: "1 h", from: "soon" }, { from: expect.stringContaining("day and a time") }],
    [
      { timezone: "Mars/Base", expression: "" },
      { timezone: expect.stringContaining("Mars/Base"), expression: "Required." },
    ],
    [{ timezone: "" }, { timezone: "Required." }],
    [
      { startsAt: "2026-12-02T00:00", endsAt: "2026-12-01T00:00" },
      { endsAt: "Expected an end after the start." },
    ],
    [{ dates: "2026-12-24\n\n24.12." }, { dates: expect.stringContaining("line 3 is “24.12.”") }],
    [{ dates: "2026-02-30" }, { dates: expect.stringContaining("2026-02-30") }],
    [{ dates: "2026-12-24 to 2026-12-01" }, { dates: expect.stringContaining("line 1") }],
    [{ jitter: "2 d" }, { jitter: "Expected at most 1 d." }],
    [{ missed: "all", most: "0" }, { most: "Expected a number from 1 to 100, found “0”." }],
    [{ args: "--title 'open" }, { args: expect.stringContaining("never closed") }],
  ] as const)("%j", (more, issues) => {
    expect(issuesOf(more)).toEqual(issues);
  });

  test("all of it at once", () => {
    expect(Object.keys(issuesOf({ expression: "", jitter: "x", args: "'" })).sort()).toEqual([
      "args",
      "expression",
      "jitter",
    ]);
  });
});

test("the preview needs nothing but what says when", () => {
  expect(readTiming(draft({ jitter: "x" }), null, MADE_AT).ok).toBe(true);
});

test("what most leave as it is stays folded until something of it is said", () => {
  expect(saysMore(draft())).toBe(false);
  expect(saysMore(draft({ weekdays: [0] }))).toBe(true);
  expect([isMore("args"), isMore("parameters"), isMore("expression")]).toEqual([true, true, false]);
});

describe("a refusal of the server is placed", () => {
  const refusal = (code: ApiProblem["code"], details: object, message = "It cannot be read.") =>
    new ApiProblem(code, message, 422, null, { ...details });

  test("at the field it names, in its short words where it has some", () => {
    const read = refusal("SCHEDULE_REFUSED", { field: "when", why: '"61" is not a valid minute (0 to 59)' });
    expect(placeRefusal(read, "cron")).toMatchObject({
      fields: { expression: '"61" is not a valid minute (0 to 59).' },
      rest: null,
    });
    expect(placeRefusal(refusal("SCHEDULE_REFUSED", { field: "when" }), "interval").fields).toEqual({
      every: "It cannot be read.",
    });
    const issues = [
      { path: "daysOff.dates.0", message: "expected a day" },
      { path: "missed.most", message: "too many" },
    ];
    expect(placeRefusal(refusal("INVALID_INPUT", { issues }), "cron").fields).toEqual({
      dates: "Expected a day.",
      most: "Too many.",
    });
  });

  test("at the parameter it names", () => {
    const issues = [{ path: "shop", message: "is required" }];
    expect([...placeRefusal(refusal("PARAMETERS_REFUSED", { issues }), "cron").parameters]).toEqual([
      ["shop", "Required."],
    ]);
  });

  test("at the form, when it names no field of it", () => {
    for (const error of [
      refusal("STALE_VERSION", {}),
      refusal("INVALID_INPUT", { issues: [{ path: "surprise", message: "no" }] }),
      new Error("x"),
    ])
      expect(placeRefusal(error, "cron")).toMatchObject({ fields: {}, rest: error });
    expect(placeRefusal(null, "cron").rest).toBeNull();
  });
});
