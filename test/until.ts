import { setTimeout as wait } from "node:timers/promises";

const GUARD_MS = 180_000;
/** Most conditions come soon. Those that take seconds are asked for less often: a look is often a request, and takes what is waited for its time. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

/**
 * Waits for a condition and answers its first truthy value. The guard is generous: it catches a hang, it measures nothing.
 * @param what for the message when it never comes; a function is asked at that moment
 */
export async function until<Value>(
  what: string | (() => string),
  look: () => Value | Promise<Value>,
  guardMs: number = GUARD_MS,
): Promise<NonNullable<Exclude<Value, false>>> {
  const deadline = performance.now() + guardMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.4)) {
    const value = await look();
    if (value) return value as NonNullable<Exclude<Value, false>>;
    if (performance.now() > deadline)
      throw new Error(`Waited ${guardMs} ms in vain: ${typeof what === "string" ? what : what()}`);
    await wait(pause);
  }
}
