import { readFileSync } from "node:fs";

/**
 * The wall clock, in epoch milliseconds: for what people are shown. How long something lasts is measured with
 * performance.now(), which no clock change moves. In test builds a file holds how far the clock is off (docs/reliability.md).
 */
export function wallClock(): number {
  return Date.now() + stepForTests();
}

function stepForTests(): number {
  if (process.env.UNSTUCK_TEST_BUILD !== "1" || process.env.UNSTUCK_TEST_CLOCK === undefined) return 0;
  try {
    return Number(readFileSync(process.env.UNSTUCK_TEST_CLOCK, "utf8")) || 0;
  } catch {
    return 0;
  }
}
