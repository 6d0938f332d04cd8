import { expect, test } from "vitest";
import { whatWasDone, whenNext } from "./recovery";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const at = (ms: number) => new Date(NOW + ms).toISOString();

test("what was done is told in words", () => {
  const since = at(-2 * 3_600_000);
  expect(whatWasDone({ resumed: 3, restarted: 0, since }, NOW)).toBe("Resumed 3 times in 2 h");
  expect(whatWasDone({ resumed: 1, restarted: 2, since: at(-90_000) }, NOW)).toBe(
    "Resumed once, restarted 2 times in 90 s",
  );
  expect(whatWasDone({ resumed: 0, restarted: 1, since: null }, NOW)).toBe("Restarted once");
  expect(whatWasDone({ resumed: 0, restarted: 0, since }, NOW)).toBeNull();
});

test("the next try ticks down to now, and a clock that disagrees does not make it less than nothing", () => {
  expect([300_000, 119_000, 40_000, 999, 0, -60_000].map((ms) => whenNext(at(ms), NOW))).toEqual([
    "next try in 5 min",
    "next try in 119 s",
    "next try in 40 s",
    "next try now",
    "next try now",
    "next try now",
  ]);
  expect(whenNext(null, NOW)).toBe("next try now");
});
