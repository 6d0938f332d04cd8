import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createFetcher } from "./fetch-page.mjs";
import { createSettler } from "./settle-page.mjs";

/**
 * @param {{
 *   settings: import("./settings.mjs").Settings,
 *   state: import("./state.mjs").CrawlState,
 *   stop: AbortSignal,
 *   saveItem: (item: import("./read-page.mjs").Item & { url: string }) => void,
 * }} input
 * @returns {Promise<"completed" | "stopped">} throws Trouble when the shop cannot be read
 */
export async function crawl({ settings, state, stop, saveItem }) {
  const halt = new AbortController();
  const halted = AbortSignal.any([stop, halt.signal]);
  setMaxListeners(0, halted);
  const fetchPage = createFetcher({ ...settings, stop: halted });
  const settle = createSettler({ settings, state, saveItem });

  /** @type {Set<Promise<void>>} */
  const flights = new Set();
  /** @type {unknown} */
  let failure = null;
  while (true) {
    while (flights.size < settings.concurrency && !isOver()) {
      const path = state.take();
      if (path === null) break;
      const flight = visit(path).finally(() => flights.delete(flight));
      flights.add(flight);
    }
    if (flights.size === 0) break;
    await Promise.race(flights);
  }
  if (failure) throw failure;
  return state.pendingCount() === 0 || isLimitReached() ? "completed" : "stopped";

  /** @param {string} path */
  async function visit(path) {
    try {
      await sleep(settings.delayMs, undefined, { signal: halted });
      settle(path, await fetchPage(path));
    } catch (error) {
      state.giveBack(path);
      // Waits that a stop cuts short throw too; only what happened before it is a failure.
      if (!halted.aborted) failure = error;
      halt.abort();
    }
  }

  function isOver() {
    return halted.aborted || isLimitReached();
  }

  function isLimitReached() {
    return state.products >= settings.limit;
  }
}
