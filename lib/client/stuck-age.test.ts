import { describe, expect, it } from "vitest";
import { isShortAge, readAgeHours } from "./stuck-age";

describe("readAgeHours", () => {
  it.each<[string | null, number | null]>([
    ["24", 24],
    [" 1.5 ", 1.5],
    ["0,5", 0.5],
    ["0", 0],
    ["87600", 87_600],
    ["87601", null],
    ["-1", null],
    ["1e3", null],
    ["soon", null],
    ["", null],
    [null, null],
  ])("reads %j as %j", (text, hours) => expect(readAgeHours(text)).toBe(hours));
});

describe("isShortAge", () => {
  it("calls everything below twelve hours short, and no threshold at all not", () => {
    expect([0, 11.999, 12, 24, null].map(isShortAge)).toEqual([true, true, false, false, false]);
  });
});
