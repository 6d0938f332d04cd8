/** Loaded into a server by `node --import`: what it puts off for ten minutes it does after some seconds. */

const LONG_MS = 600_000;
const SOON_MS = 5_000;
const later = globalThis.setTimeout;

globalThis.setTimeout = /** @type {typeof setTimeout} */ (
  (/** @type {() => void} */ work, /** @type {number} */ ms, /** @type {unknown[]} */ ...args) =>
    later(work, ms === LONG_MS ? SOON_MS : ms, ...args)
);
