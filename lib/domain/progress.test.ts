import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_MESSAGE_LENGTH, mergeProgress, readReport, sameProgress } from "./progress";
import type { Progress } from "./run";

const KNOWN: Progress = { extracted: 5, skipped: 1, total: 10, message: "page 2" };

describe("a report", () => {
  test("changes the fields it names and keeps the others", () => {
    expect(mergeProgress(KNOWN, { extracted: 6 })).toEqual({ ...KNOWN, extracted: 6 });
    expect(mergeProgress(null, { message: "hello" })).toEqual({
      extracted: null,
      skipped: null,
      total: null,
      message: "hello",
    });
    expect(mergeProgress(KNOWN, { total: null })).toEqual({ ...KNOWN, total: null });
  });

  const REFUSED = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e300, "7", true, [], {}] as const;
  for (const value of REFUSED) {
    test(`does not take ${typeof value} ${String(value)} for a figure, and says so`, () => {
      const { report, problems } = readReport({ extracted: value, skipped: 2 });
      expect(report).toEqual({ skipped: 2 });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("extracted: expected a whole number");
    });
  }

  test("has a message of one line and bounded length, with whole characters", () => {
    expect(readReport({ message: " two\r\nlines\u0007 \u2028 " }).report).toEqual({ message: "two lines" });
    const long = readReport({ message: "🦀".repeat(2_000) }).report.message ?? "";
    expect([...long]).toHaveLength(MAX_MESSAGE_LENGTH);
    expect(Buffer.from(long).toString(), "no half characters").toBe(long);
    expect(readReport({ message: 7 }).problems).toEqual(["message: expected text, found 7"]);
  });

  test("never makes anything but believable progress, whatever it says", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("extracted", "skipped", "total", "message", "x"), fc.anything()),
        (fields) => {
          const { extracted, skipped, total, message } = mergeProgress(KNOWN, readReport(fields).report);
          for (const count of [extracted, skipped, total])
            expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
          expect(message === null || message.length <= 2 * MAX_MESSAGE_LENGTH).toBe(true);
        },
      ),
    );
  });
});

test("progress is the same when every field is", () => {
  expect(sameProgress(KNOWN, { ...KNOWN })).toBe(true);
  expect(sameProgress(KNOWN, { ...KNOWN, message: null })).toBe(false);
  expect(sameProgress(KNOWN, { ...KNOWN, skipped: 2 })).toBe(false);
  expect(sameProgress(null, null)).toBe(true);
  expect(sameProgress(KNOWN, null)).toBe(false);
});
