import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { now, since } from "./clock.mjs";
import { fetchAnswer } from "./http.mjs";
import { execute, which } from "./programs.mjs";
import { percentile } from "./statistics.mjs";
import { parseWrk, wrkScript } from "./wrk.mjs";

/**
 * @typedef {object} Load
 * @property {string} tool
 * @property {number} perSecond
 * @property {number | null} p50 milliseconds
 * @property {number | null} p99 milliseconds
 * @property {string} errors `none`, or what went wrong
 * @property {number | null} [unchangedPercent] of the answers, how many were 304; null where nobody asked for that
 */

export const CONNECTIONS = 10;
const MOST_ERRORS = 100;

/**
 * One call again and again on ten connections: by wrk, or by a loop in this process when there is none.
 * @param {import("./http.mjs").Call} call
 * @param {{ seconds: number, folder: string, unchanged?: boolean }} options `folder`: for wrk's script; `unchanged`: asks with the
 * ETag of the last answer
 * @returns {Promise<Load>}
 */
export async function load(call, { seconds, folder, unchanged = false }) {
  const wrk = which(process.env.WRK ?? "wrk");
  if (wrk === null) return loop(asker(call, unchanged), seconds, "node loop");
  const script = join(folder, "request.lua");
  writeFileSync(script, wrkScript(call, unchanged));
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--timeout", "30s", "--latency", "-s", script];
  const { stdout } = await execute(wrk, [...args, `http://127.0.0.1:${call.port}${call.path}`], {
    timeout: (seconds + 40) * 1_000,
  });
  return { tool: "wrk", ...parseWrk(stdout) };
}

/**
 * One client that asks the same again and again.
 * @param {import("./http.mjs").Call} call
 * @param {boolean} unchanged with the ETag of its last answer
 * @returns {() => Promise<Buffer>} asks once; answers the body
 */
export function asker(call, unchanged) {
  let etag = "";
  return async () => {
    const headers = { ...call.headers, ...(etag === "" ? {} : { "if-none-match": etag }) };
    const answer = await fetchAnswer({ ...call, headers });
    if (answer.status >= 400) throw new Error(`HTTP ${answer.status}`);
    if (unchanged) etag = answer.headers.etag ?? etag;
    return answer.body;
  };
}

/**
 * @param {() => Promise<unknown>} ask
 * @param {number} seconds
 * @param {string} tool
 * @returns {Promise<Load>}
 */
export async function loop(ask, seconds, tool) {
  /** @type {number[]} */
  const times = [];
  let errors = 0;
  const began = now();
  const client = async () => {
    while (since(began) < seconds * 1_000 && errors <= MOST_ERRORS) {
      const asked = now();
      await ask().then(
        () => times.push(since(asked)),
        () => (errors += 1),
      );
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return {
    tool,
    perSecond: times.length / (since(began) / 1_000),
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    errors: errors === 0 ? "none" : String(errors),
  };
}
