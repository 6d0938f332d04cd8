import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { learnGap, SHORTEST_GAP_MS } from "./cadence";

const learned = (gaps: readonly number[], from: number | null = null) =>
  gaps.reduce(learnGap, from as never) as number;
const repeated = (gaps: readonly number[], times: number) => Array.from({ length: times }, () => gaps).flat();

describe("the usual gap", () => {
  test("is the first gap at first, and what is repeated soon after", () => {
    expect(learnGap(null, 20_000)).toBe(20_000);
    expect(learned(repeated([20_000], 20), 1_000)).toBeGreaterThan(15_000);
    expect(learned(repeated([20_000], 60), 200_000)).toBeLessThan(26_000);
    expect(learned(repeated([20_000, 21_000, 19_000], 50))).toBeCloseTo(20_000, -4);
  });

  test("is hardly moved by one pause, be it of an hour", () => {
    const usual = learned(repeated([20_000], 50));
    expect(learnGap(usual, 3_600_000)).toBeLessThanOrEqual(usual * 1.5);
  });

  test("knows of a pause after every few signs, so that such a job is not called late at each", () => {
    const burstsAndPauses = repeated([2_000, 2_000, 2_000, 60_000], 40);
    expect(learned(burstsAndPauses)).toBeGreaterThan(20_000);
  });

  test("stays between the shortest and the longest gap there was", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 86_400_000 }), { minLength: 1, maxLength: 200 }),
        (gaps) => {
          const usual = learned(gaps);
          expect(usual).toBeGreaterThanOrEqual(SHORTEST_GAP_MS);
          expect(usual).toBeLessThanOrEqual(Math.max(SHORTEST_GAP_MS, ...gaps));
          expect(Number.isInteger(usual)).toBe(true);
        },
      ),
    );
  });
});
