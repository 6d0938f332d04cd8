import { waitFor, withTimeout } from "../clock.mjs";

/**
 * @typedef {import("../session.mjs").Session} Session
 * @typedef {import("../adapters/adapter.mjs").Adapter} Adapter
 */

const LIST_LIMIT_MS = 60_000;

/**
 * @param {string} prefix
 * @param {number} count
 */
export function namesOf(prefix, count) {
  return Array.from({ length: count }, (_, index) => `${prefix}x${String(index).padStart(4, "0")}`);
}

/**
 * What the system says, or null when it does not answer.
 * @param {Adapter} adapter
 */
export async function listOrNull(adapter) {
  try {
    return await withTimeout(adapter.list(), LIST_LIMIT_MS, "list");
  } catch {
    return null;
  }
}

/**
 * Until the system itself says that all of them run.
 * @param {Adapter} adapter
 * @param {readonly string[]} names
 * @param {{ limitMs: number, everyMs?: number }} pace
 */
export function allRunning(adapter, names, pace) {
  return waitFor(async () => {
    const listed = await listOrNull(adapter);
    const up = new Set(listed?.filter((one) => one.running).map((one) => one.name));
    return names.every((name) => up.has(name));
  }, pace);
}

/**
 * Until the system itself says that none of them runs, or is about to.
 * @param {Adapter} adapter
 * @param {readonly string[]} names
 * @param {{ limitMs: number, everyMs?: number }} pace
 */
export function noneRunning(adapter, names, pace) {
  const asked = new Set(names);
  return waitFor(async () => {
    const listed = await listOrNull(adapter);
    return listed !== null && !listed.some((one) => asked.has(one.name) && isAlive(one));
  }, pace);
}

/** @param {import("../adapters/adapter.mjs").Listed} one */
function isAlive({ running, starting, state }) {
  return running || starting === true || state === "STOPPING";
}

/**
 * Brings up a daemon with so many idle jobs.
 * @param {Session} session
 * @param {Adapter} adapter
 * @param {readonly string[]} names
 * @param {Record<string, any>} [boot]
 */
export async function withSleepers(session, adapter, names, boot) {
  await session.fresh(adapter, boot);
  await adapter.define(names.map((name) => session.sleeper(name)));
  await adapter.startMany([...names]);
  await allRunning(adapter, names, { limitMs: 120_000 });
}
