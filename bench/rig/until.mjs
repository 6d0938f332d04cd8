import { setTimeout as wait } from "node:timers/promises";

/** A hang guard: a thousand runs take minutes to start and to stop. */
const GUARD_MS = 900_000;

/**
 * Waits for a condition and answers its first value that is not null.
 * @template Value
 * @param {string} what
 * @param {() => Value | null | Promise<Value | null>} look
 * @param {number} [everyMs]
 * @returns {Promise<Value>}
 */
export async function until(what, look, everyMs = 5) {
  const deadline = performance.now() + GUARD_MS;
  for (;;) {
    const value = await look();
    if (value !== null) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${GUARD_MS / 1_000} s in vain until ${what}.`);
    await wait(everyMs);
  }
}
