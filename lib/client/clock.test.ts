import { afterEach, beforeEach, expect, test, vi } from "vitest";

const START = Date.parse("2026-01-01T00:00:00.000Z");

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: START });
  const events = { addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.stubGlobal("document", { ...events, visibilityState: "visible" });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page whose server answered just now. */
async function page() {
  const { readClock, subscribeClock } = await import("./clock");
  const connection = await import("./connection");
  connection.noteAnswer();
  const leave = subscribeClock(() => undefined);
  const passed = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return readClock() - START;
  };
  return { ...connection, passed, leave };
}

test("UX-A8 durations tick while the server answers, and stand still at its last answer while it does not", async () => {
  const { noteAnswer, noteSilence, passed, leave } = await page();
  expect(passed(3_000)).toBe(3_000);
  noteAnswer();
  expect(passed(2_000)).toBe(5_000);
  noteSilence();
  expect([passed(1_000), passed(60_000)]).toEqual([3_000, 3_000]);
  noteAnswer();
  expect(passed(1_000)).toBe(67_000);
  leave();
});

test("UX-A8 a server that hangs without refusing stops the clocks as well", async () => {
  const { passed, leave } = await page();
  expect(passed(15_000)).toBe(15_000);
  expect(passed(5_000)).toBe(0);
  leave();
});
