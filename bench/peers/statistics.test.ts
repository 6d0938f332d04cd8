import { expect, test } from "vitest";
import { median, percentile, round, times } from "./statistics.mjs";

test("a percentile is a value that was measured; what was not does not count", () => {
  expect(percentile([30, null, 10, 20], 95)).toBe(30);
  expect(median([30, null, 10, 20])).toBe(20);
  expect(median([null, null])).toBe(null);
  expect(median([])).toBe(null);
});

test("nothing stays nothing when it is rounded or divided", () => {
  expect([round(1.25), round(1_234.5, 0), round(null), round(undefined), round(Number.NaN)]).toEqual([
    1.3,
    1_235,
    null,
    null,
    null,
  ]);
  expect([times(6, 4), times(null, 4), times(6, null), times(6, 0)]).toEqual([1.5, null, null, null]);
});
