import { expect, test } from "vitest";
import { T0 } from "@/test/factories";
import { afterFailure, FORGOTTEN_AFTER_MS, type SignInDelay, waitLeft } from "./sign-in-delay";

const MINUTE = 60_000;

/** What there is to wait after each of so many failures, each made when it may be. */
function waits(count: number, kind: "name" | "address"): number[] {
  const found: number[] = [];
  let now = T0;
  for (let delay: SignInDelay | null = null; found.length < count; now += found.at(-1) ?? 0) {
    delay = afterFailure(delay, kind, now);
    found.push(waitLeft(delay, now));
  }
  return found;
}

test("three failures of a name cost nothing, then the wait doubles, up to a quarter of an hour", () => {
  const doubling = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((seconds) => seconds * 1_000);
  expect(waits(14, "name")).toEqual([0, 0, 0, ...doubling, 15 * MINUTE]);
  expect(waits(60, "name").at(-1)).toBe(15 * MINUTE);
});

test("of an address ten are free: several people may sign in from there", () => {
  expect(waits(12, "address")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1_000, 2_000]);
});

test("after a day without a failure the count starts from the beginning", () => {
  const before = { count: 9, lastAt: T0, until: T0 + MINUTE };
  expect(afterFailure(before, "name", T0 + FORGOTTEN_AFTER_MS - 1).count).toBe(10);
  expect(afterFailure(before, "name", T0 + FORGOTTEN_AFTER_MS)).toEqual({
    count: 1,
    lastAt: T0 + FORGOTTEN_AFTER_MS,
    until: T0 + FORGOTTEN_AFTER_MS,
  });
});

test("the wait passes, and what never failed has none", () => {
  const delay = { count: 5, lastAt: T0, until: T0 + 2_000 };
  expect([0, 1_500, 2_000, 9_000].map((after) => waitLeft(delay, T0 + after))).toEqual([2_000, 500, 0, 0]);
  expect(waitLeft(null, T0)).toBe(0);
});

test("a clock that was set back by years locks no one out for longer than the longest wait", () => {
  const delay = { count: 5, lastAt: T0, until: T0 + 2_000 };
  expect(waitLeft(delay, 0)).toBe(15 * MINUTE);
  expect(afterFailure(delay, "name", 0)).toEqual({ count: 6, lastAt: 0, until: 4_000 });
});
