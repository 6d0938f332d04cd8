import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDurationText, parseDurationText } from "./duration-text";

describe("parseDurationText", () => {
  it.each([
    ["10 min", 600_000],
    ["1h 30m", 5_400_000],
    ["90s", 90_000],
    ["1.5 hours", 5_400_000],
    ["1,5 h", 5_400_000],
    ["2 days, 3 h", 183_600_000],
    ["250 ms", 250],
    ["0 s", 0],
  ])("reads %j as %i ms", (text, ms) => expect(parseDurationText(text)).toBe(ms));

  it.each(["", "10", "soon", "10 parsecs", "min", "-5 s", "5 s or so"])("refuses %j", (text) => {
    expect(parseDurationText(text)).toBeNull();
  });

  it("reads back what formatDurationText writes", () => {
    fc.assert(
      fc.property(fc.nat({ max: 4_000_000_000 }), (ms) => {
        expect(parseDurationText(formatDurationText(ms))).toBe(ms);
      }),
    );
  });
});
