import { describe, expect, test } from "vitest";
import type { ScheduleId } from "./ids";
import { decidePassed, jitterOf, LATE_MS, type Missed } from "./schedule";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const ago = (...each: number[]) => each.map((ms) => ({ slot: NOW - ms, dueAt: NOW - ms }));
const decide = (
  passed: ReturnType<typeof ago>,
  missed: Partial<Missed> = {},
  interval: number | null = HOUR,
) => {
  const { start, missed: lost } = decidePassed(passed, { policy: "last", most: 1, ...missed }, NOW, interval);
  return { start: start.map((slot) => NOW - slot), missed: lost.map((slot) => NOW - slot) };
};

describe("of times that have passed", () => {
  test("those that have just come are started, each of them", () => {
    expect(decide(ago(2_000, 1_000, 0), { policy: "skip" })).toEqual({
      start: [2_000, 1_000, 0],
      missed: [],
    });
  });

  test("the newest that was missed is started late, if it is not nearly time for the next", () => {
    const times = ago(2.4 * HOUR, 1.4 * HOUR, 0.4 * HOUR);
    expect(decide(times)).toEqual({ start: [0.4 * HOUR], missed: [2.4 * HOUR, 1.4 * HOUR] });
    expect(decide(ago(1.6 * HOUR, 0.6 * HOUR))).toEqual({ start: [], missed: [1.6 * HOUR, 0.6 * HOUR] });
    expect(decide(ago(40 * HOUR), {}, null), "there is no next one").toEqual({
      start: [40 * HOUR],
      missed: [],
    });
  });

  test("none that was missed is, or so many, where the schedule says so", () => {
    const times = ago(3 * HOUR, 2 * HOUR, HOUR, LATE_MS);
    expect(decide(times, { policy: "skip" })).toEqual({
      start: [LATE_MS],
      missed: [3 * HOUR, 2 * HOUR, HOUR],
    });
    expect(decide(times, { policy: "all", most: 2 })).toEqual({
      start: [2 * HOUR, HOUR, LATE_MS],
      missed: [3 * HOUR],
    });
    expect(decide(times, { policy: "all", most: 9 }).missed).toEqual([]);
  });
});

test("jitter is the same for one time, differs between schedules and times, and uses all of its room", () => {
  const [one, other] = ["sch_1", "sch_2"] as [ScheduleId, ScheduleId];
  expect(jitterOf(one, NOW, 60_000)).toBe(jitterOf(one, NOW, 60_000));
  expect(jitterOf(one, NOW, 60_000)).not.toBe(jitterOf(other, NOW, 60_000));
  expect(jitterOf(one, NOW, 0)).toBe(0);
  const all = Array.from({ length: 2_000 }, (_, minute) => jitterOf(one, NOW + minute * 60_000, 9));
  for (let value = 0; value <= 9; value += 1) {
    const share = all.filter((jitter) => jitter === value).length;
    expect(share, `${value}`).toBeGreaterThan(120);
  }
});
