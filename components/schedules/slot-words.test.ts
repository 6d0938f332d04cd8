import { expect, test } from "vitest";
import { SLOT_STATES } from "@/lib/domain/schedule";
import { pieceWords } from "./piece-words";
import { slotWords } from "./slot-words";

test("what became of a time is in words, and of many how many", () => {
  expect(SLOT_STATES.map((state) => slotWords({ state, count: 1 }))).toEqual([
    ...["Being started", "Waiting", "Started", "Skipped", "Missed", "Not started"],
  ]);
  expect(slotWords({ state: "missed", count: 19 })).toBe("Missed 19 times");
});

test("a piece of the timeline is a time of day, or from when to when and how often", () => {
  const at = Date.parse("2026-11-30T03:00:00Z");
  const until = at + 3_600_000;
  expect(pieceWords({ from: at, to: at, count: 1 }, false)).toBe("03:00");
  expect(pieceWords({ from: at, to: until, count: 13 }, false)).toBe("03:00 to 04:00, 13 times");
  expect(pieceWords({ from: at, to: until, count: null }, false)).toBe("03:00 to 04:00, many times");
});
