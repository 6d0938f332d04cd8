import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatElapsed, formatExact, formatLeft } from "./elapsed";

describe("formatElapsed", () => {
  it.each([
    [-50, "0.0 s"],
    [0, "0.0 s"],
    [449, "0.4 s"],
    [12_900, "12 s"],
    [59_999, "59 s"],
    [60_000, "1 min 00 s"],
    [185_000, "3 min 05 s"],
    [7_620_000, "2 h 07 min"],
    [86_399_999, "23 h 59 min"],
    [273_600_000, "3 d 4 h"],
  ])("writes %i ms as %s", (ms, text) => expect(formatElapsed(ms)).toBe(text));
});

describe("formatAgo", () => {
  it.each([
    [-60_000, "in 1 min"],
    [-4_000, "just now"],
    [1_999, "just now"],
    [12_000, "12 s ago"],
    [200_000, "3 min ago"],
    [100_000_000, "27 h ago"],
    [260_000_000, "3 d ago"],
  ])("writes %i ms as %s", (ms, text) => expect(formatAgo(ms)).toBe(text));
});

describe("formatLeft", () => {
  it.each([
    [0, "in 0 s"],
    [29_600, "in 30 s"],
    [59_999, "in 1 min"],
    [3_599_000, "in 1 h"],
    [86_399_000, "in 24 h"],
    [172_799_000, "in 2 d"],
    [604_799_000, "in 7 d"],
    [7_775_999_000, "in 90 d"],
    [7_700_000_000, "in 89 d"],
  ])("writes %i ms as %s", (ms, text) => expect(formatLeft(ms)).toBe(text));
});

describe("formatExact", () => {
  it("gives UTC alone while the reader's time zone is unknown", () => {
    expect(formatExact("2026-03-01T10:20:30.456Z", false)).toBe("2026-03-01 10:20:30 UTC");
  });

  it("gives the local time and UTC otherwise", () => {
    expect(formatExact("2026-03-01T10:20:30.456Z", true)).toMatch(/local · 2026-03-01 10:20:30 UTC$/);
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_500, "1.5 kB"],
    [45_300, "45 kB"],
    [1_000_000, "1.0 MB"],
    [3_200_000_000, "3.2 GB"],
  ])("writes %i as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
