/**
 * One process holds several copies of every module (instrumentation, route handlers, pages, the HTTP server in front), so
 * what they share stands in one global slot, and only this file touches it.
 */
const KEY = Symbol.for("unstuck.process");

/**
 * @typedef {object} Slot
 * @property {{ origin: string, baseEnv: Readonly<Record<string, string>> } | null} server set by server/serve.mjs before Next is loaded
 * @property {unknown} booted what lib/boot.ts has built; read through lib/runtime.ts only
 * @property {((signal: string) => Promise<void>) | null} shutdown set by lib/boot.ts, called by server/serve.mjs
 */

/** @returns {Slot} */
export function slot() {
  const holder = /** @type {{ [KEY]?: Slot }} */ (/** @type {unknown} */ (globalThis));
  holder[KEY] ??= { server: null, booted: null, shutdown: null };
  return holder[KEY];
}
