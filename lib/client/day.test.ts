import { describe, expect, it } from "vitest";
import { dayOf, endOfDay, formatStamp, lastDayBefore, startOfDay } from "./day";

describe("a day", () => {
  it("begins at midnight here and ends where the next one begins", () => {
    expect(startOfDay("2026-11-28")).toBe(new Date(2026, 10, 28).toISOString());
    expect(endOfDay("2026-11-30")).toBe(startOfDay("2026-12-01"));
    expect(endOfDay("2026-12-31")).toBe(startOfDay("2027-01-01"));
  });

  it.each(["", "28.11.2026", "2026-11", "tomorrow", "0202-11-28"])("is not %j", (text) => {
    expect(startOfDay(text)).toBeNull();
    expect(endOfDay(text)).toBeNull();
  });

  it("is found again from its two ends", () => {
    for (const day of ["2026-03-29", "2026-10-25", "2026-11-28", "2024-02-29"]) {
      expect(dayOf(startOfDay(day) ?? "")).toBe(day);
      expect(lastDayBefore(endOfDay(day) ?? "")).toBe(day);
    }
  });

  it("that a period ends within counts too", () => {
    const noon = new Date(2026, 10, 28, 12).toISOString();
    expect(lastDayBefore(noon)).toBe("2026-11-28");
  });
});

describe("the time of an entry", () => {
  it("is the local one, and UTC until that is known", () => {
    const at = new Date(2026, 0, 5, 7, 8, 9);
    expect(formatStamp(at.toISOString(), true)).toBe("2026-01-05 07:08:09");
    expect(formatStamp("2026-01-05T07:08:09.123Z", false)).toBe("2026-01-05 07:08:09");
  });
});
