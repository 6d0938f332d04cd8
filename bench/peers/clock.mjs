import { setTimeout as wait } from "node:timers/promises";

/** Nanoseconds of CLOCK_MONOTONIC, the clock of the probe's stamps. */
export function now() {
  return process.hrtime.bigint();
}

/**
 * Milliseconds since then.
 * @param {bigint} began
 */
export function since(began) {
  return Number(now() - began) / 1e6;
}

/**
 * Looks until something is so, for a limited time: that a system never gets there is a result, not an error.
 * @param {() => unknown} look anything true ends the wait
 * @param {{ limitMs?: number, everyMs?: number }} [pace]
 * @returns {Promise<{ ok: boolean, ms: number }>}
 */
export async function waitFor(look, { limitMs = 30_000, everyMs = 50 } = {}) {
  const began = now();
  for (;;) {
    if (await look()) return { ok: true, ms: since(began) };
    if (since(began) > limitMs) return { ok: false, ms: since(began) };
    await wait(everyMs);
  }
}

/**
 * @template Value
 * @param {Promise<Value>} work
 * @param {number} limitMs
 * @param {string} what
 * @returns {Promise<Value>}
 */
export async function withTimeout(work, limitMs, what) {
  const controller = new AbortController();
  const limit = wait(limitMs, undefined, { signal: controller.signal }).then(() => {
    throw new Error(`${what}: no answer in ${limitMs / 1_000} s`);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    controller.abort();
    limit.catch(() => undefined);
  }
}

/**
 * Does the work for all of them, 16 at once.
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<unknown>} work
 */
export async function eachOf(items, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
