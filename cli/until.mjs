import { setTimeout as wait } from "node:timers/promises";
import { Refused, Unreachable } from "./api.mjs";

const LOOK_EVERY_MS = 400;
/** A dashboard that is being restarted or upgraded is back by then. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Looks again and again until there is an answer, over restarts of the dashboard too.
 * @template Value
 * @param {() => Promise<Value | null>} look null: not yet
 * @param {{ away?: (why: string) => void, everyMs?: number, patienceMs?: number }} [more] `away`: told once each time it goes away
 * @returns {Promise<Value>}
 */
export async function untilThere(look, { away, everyMs = LOOK_EVERY_MS, patienceMs = PATIENCE_MS } = {}) {
  /** @type {number | null} */
  let goneSince = null;
  for (;;) {
    try {
      const found = await look();
      goneSince = null;
      if (found !== null) return found;
    } catch (error) {
      if (!passes(error)) throw error;
      if (goneSince === null) {
        goneSince = performance.now();
        away?.(error.message);
      }
      if (performance.now() - goneSince > patienceMs) throw error;
    }
    await wait(everyMs);
  }
}

/**
 * @param {unknown} error
 * @returns {error is Error}
 */
export function passes(error) {
  return (
    error instanceof Unreachable || (error instanceof Refused && error.code === "SUPERVISOR_UNAVAILABLE")
  );
}
