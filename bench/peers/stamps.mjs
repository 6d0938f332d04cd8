import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "./clock.mjs";

/**
 * Each probe writes when it began, as its first act, into a file NAME.PID: so the looking is no part of a latency.
 * @typedef {{ name: string, pid: number, file: string }} Stamp
 */

/**
 * @param {string} folder
 * @returns {Stamp[]}
 */
export function stampsIn(folder) {
  return readdirSync(folder).flatMap((file) => {
    const [, name, pid] = /^(.*)\.(\d+)$/.exec(file) ?? [];
    return name === undefined ? [] : [{ name, pid: Number(pid), file: join(folder, file) }];
  });
}

/**
 * @param {Stamp} stamp
 * @returns {bigint | null} nanoseconds of CLOCK_MONOTONIC; null: not written to the end yet
 */
export function timeOf({ file }) {
  const text = readFileSync(file, "latin1").trim();
  return text === "" ? null : BigInt(text);
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {number} [limitMs]
 * @returns {Promise<{ pid: number, at: bigint } | null>} null: it never began
 */
export async function stampOf(folder, name, limitMs = 40_000) {
  /** @type {{ pid: number, at: bigint } | null} */
  let found = null;
  const look = () => {
    const stamp = stampsIn(folder).find((one) => one.name === name);
    const at = stamp === undefined ? null : timeOf(stamp);
    if (stamp !== undefined && at !== null) found = { pid: stamp.pid, at };
    return found !== null;
  };
  await waitFor(look, { limitMs, everyMs: 2 });
  return found;
}

/** @param {string} folder */
export function clearStamps(folder) {
  for (const file of readdirSync(folder)) rmSync(join(folder, file), { force: true });
}
