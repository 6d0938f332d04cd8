import { expect, test } from "vitest";
import { instantOf, isTimezone, timezones, wallTimeIn } from "./zone-time";

const VIENNA = "Europe/Vienna";

test.each([
  ["2026-12-24T03:00", VIENNA, "2026-12-24T02:00:00.000Z"],
  ["2026-07-24T03:00:30", VIENNA, "2026-07-24T01:00:30.000Z"],
  ["2026-12-24T03:00", "Asia/Kolkata", "2026-12-23T21:30:00.000Z"],
  ["2026-12-24T03:00", "UTC", "2026-12-24T03:00:00.000Z"],
  // The night in which clocks go forward, before and after that.
  ["2026-03-29T01:59", VIENNA, "2026-03-29T00:59:00.000Z"],
  ["2026-03-29T03:00", VIENNA, "2026-03-29T01:00:00.000Z"],
])("%s in %s is %s, and back", (wall, zone, instant) => {
  expect(instantOf(wall, zone)).toBe(instant);
  expect(wallTimeIn(instant, zone)).toBe(wall);
});

test("an hour that comes twice is the first, one that is left out is later", () => {
  expect(instantOf("2026-10-25T02:30", VIENNA)).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOf("2026-03-29T02:30", VIENNA)).toBe("2026-03-29T01:30:00.000Z");
});

test.each(["", "2026-12-24", "tomorrow", "2026-13-01T00:00", "2026-02-30T00:00", "2026-12-24T25:00"])(
  "%j is no time",
  (wall) => {
    expect(instantOf(wall, VIENNA)).toBeNull();
  },
);

test("a time zone has a name that is known", () => {
  expect([VIENNA, "UTC", "", "Mars/Base"].map(isTimezone)).toEqual([true, true, false, false]);
  expect(timezones()[0]).toBe("UTC");
  expect(timezones()).toContain(VIENNA);
  expect(new Set(timezones()).size).toBe(timezones().length);
});
