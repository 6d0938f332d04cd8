import { describe, expect, test } from "vitest";
import type { UpcomingView } from "@/lib/contracts/schedule";
import { axisOf, hourTicks, lanesOf, shareAt } from "./schedule-timeline";

const FROM = Date.parse("2026-11-30T00:00:00Z");
const HOUR = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const RANGE = { from: iso(FROM), to: iso(FROM + 24 * HOUR) };
const AXIS = axisOf(RANGE);

const upcoming = (job: string, hours: readonly number[], more: Partial<UpcomingView> = {}): UpcomingView => ({
  ...{ id: `sch_${job}`, job, title: null, words: "Every hour", sampledMs: null },
  times: hours.map((hour) => iso(FROM + hour * HOUR)),
  ...more,
});

test("the axis begins a little before the present and ends with the last hour", () => {
  expect(shareAt(AXIS, FROM)).toBeCloseTo(0.0196, 3);
  expect(shareAt(AXIS, AXIS.from)).toBe(0);
  expect(shareAt(AXIS, FROM + 24 * HOUR)).toBe(1);
});

describe("lanes", () => {
  test("there is one for each job, by what comes first, and none for what does not come", () => {
    const lanes = lanesOf(
      [upcoming("late", [20]), upcoming("soon", [3, 9]), upcoming("late", [2]), upcoming("never", [])],
      AXIS,
    );
    expect(lanes.map(({ job }) => job)).toEqual(["late", "soon"]);
    expect(lanes[0]?.pieces.map(({ from }) => (from - FROM) / HOUR)).toEqual([2, 20]);
    expect(lanes[0]?.schedules).toHaveLength(2);
  });

  test("times that would touch become a band that says how many they are", () => {
    const quarters = Array.from({ length: 8 }, (_, at) => 4 + at / 4);
    const [lane] = lanesOf([upcoming("often", [...quarters, 12])], AXIS);
    expect(lane?.pieces).toEqual([
      { from: FROM + 4 * HOUR, to: FROM + 5.75 * HOUR, count: 8 },
      { from: FROM + 12 * HOUR, to: FROM + 12 * HOUR, count: 1 },
    ]);
  });

  test("two that are near stay two", () => {
    const [lane] = lanesOf([upcoming("twice", [4, 4.1])], AXIS);
    expect(lane?.pieces).toHaveLength(2);
  });

  test("a band of times that were not counted says so", () => {
    const sixths = Array.from({ length: 144 }, (_, at) => at / 6);
    const [lane] = lanesOf([upcoming("seconds", sixths, { sampledMs: 600_000 })], AXIS);
    expect(lane?.pieces).toEqual([{ from: FROM, to: FROM + (143 / 6) * HOUR, count: null }]);
  });
});

test("hours are those of the day, every so many", () => {
  const hours = hourTicks(AXIS, 6, false);
  expect(hours.map(({ hour }) => hour)).toEqual([0, 6, 12, 18]);
  expect(hours[1]).toEqual({ at: FROM + 6 * HOUR, hour: 6 });
  expect(hourTicks(AXIS, 1, true).every(({ at }) => new Date(at).getMinutes() === 0)).toBe(true);
});
