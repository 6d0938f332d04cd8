import { setTimeout as sleep } from "node:timers/promises";
import { warn } from "./log.mjs";
import { Trouble } from "./trouble.mjs";

const PAGE_TIMEOUT_MS = 30_000;
const REFUSALS_MAX = 8;
const FAULTS_MAX = 4;
const RETRY_AFTER_MAX_MS = 120_000;
// A proxy or a dashboard that restarts answers so; it says nothing about the page.
const SHOP_IS_AWAY = [502, 503, 504];

/** @typedef {{ readonly ok: true, readonly html: string } | { readonly ok: false, readonly reason: string }} Page */

/**
 * Reads pages with patience: waits when the shop asks for it, tries again after a fault, and sits out a shop
 * that is away. Throws an AbortError when asked to stop while waiting, and Trouble when the shop stays away.
 * @param {{ shopUrl: string, patienceMs: number, stop: AbortSignal }} input
 */
export function createFetcher({ shopUrl, patienceMs, stop }) {
  // One clock for all workers: the shop is away for all of them or for none.
  /** @type {number | null} */
  let awaySince = null;

  /**
   * @param {string} path
   * @returns {Promise<Page>}
   */
  return async function fetchPage(path) {
    let refusals = 0;
    let faults = 0;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await request(shopUrl + path);
      if (answer.kind !== "away") awaySince = null;
      switch (answer.kind) {
        case "page":
          return { ok: true, html: answer.html };
        case "gone":
          return { ok: false, reason: `the shop answered ${answer.status}` };
        case "busy":
          refusals += 1;
          if (refusals === REFUSALS_MAX)
            return { ok: false, reason: `the shop was too busy ${refusals} times` };
          await pause(answer.waitMs, `${path} answered 429`);
          break;
        case "fault":
          faults += 1;
          if (faults === FAULTS_MAX)
            return { ok: false, reason: `the shop answered ${answer.status} ${faults} times` };
          await pause(backOff(faults), `${path} answered ${answer.status}`);
          break;
        case "away":
          awaySince ??= Date.now();
          if (Date.now() - awaySince >= patienceMs) throw new Trouble(awayMessage(answer.why));
          await pause(backOff(attempt), `${path} cannot be read: ${answer.why}`);
      }
    }
  };

  /** @param {number} ms @param {string} why */
  async function pause(ms, why) {
    warn(`${why}; trying again in ${ms} ms`);
    await sleep(ms, undefined, { signal: stop });
  }

  /** @param {string} why */
  function awayMessage(why) {
    const seconds = Math.round(patienceMs / 1000);
    return `The shop at ${shopUrl} could not be reached for ${seconds} s (${why}). Start it, then start this program again: it goes on from its checkpoint.`;
  }
}

/** @param {string} url */
async function request(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
    const html = await response.text();
    const status = response.status;
    if (response.ok) return /** @type {const} */ ({ kind: "page", html });
    if (status === 429) return /** @type {const} */ ({ kind: "busy", waitMs: retryAfter(response) });
    if (SHOP_IS_AWAY.includes(status))
      return /** @type {const} */ ({ kind: "away", why: `status ${status}` });
    if (status >= 500) return /** @type {const} */ ({ kind: "fault", status });
    return /** @type {const} */ ({ kind: "gone", status });
  } catch (error) {
    return /** @type {const} */ ({ kind: "away", why: networkReason(error) });
  }
}

/** @param {Response} response Retry-After: seconds or a date */
function retryAfter(response) {
  const written = response.headers.get("retry-after") ?? "1";
  const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now();
  return Number.isNaN(ms) ? 1000 : Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}

/** @param {number} times */
function backOff(times) {
  return Math.min(250 * 2 ** (times - 1), 5000);
}

/** @param {unknown} error `fetch failed` says nothing; its cause does */
function networkReason(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${PAGE_TIMEOUT_MS / 1000} s`;
  const cause = error.cause;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error && cause.message ? cause.message : error.message;
}
