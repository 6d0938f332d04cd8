import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./until.mjs";

/** @typedef {import("./server.mjs").BenchServer} BenchServer */

const AT_ONCE = 8;
const ACTIVE = ["queued", "starting", "running", "stopping"];

/**
 * @param {BenchServer} server
 * @param {string} id
 * @param {readonly string[]} argv
 * @param {Readonly<Record<string, unknown>>} [more] further settings
 */
export async function createJob({ api }, id, argv, more = {}) {
  await api.command("/api/v1/jobs", { id, argv, ...more });
}

/**
 * Starts a job.
 * @param {BenchServer} server
 * @param {string} id
 * @returns {Promise<string>} the run's id
 */
export async function start({ api }, id) {
  return (await api.command(`/api/v1/jobs/${id}/start`, { mode: "fresh" })).run.id;
}

/**
 * Many jobs of one command, all of them running.
 * @param {BenchServer} server
 * @param {number} count
 * @param {readonly string[]} argv
 * @param {(id: string) => Readonly<Record<string, unknown>>} [more] further settings of each
 * @returns {Promise<any[]>} their statuses
 */
export async function runMany(server, count, argv, more = () => ({})) {
  const ids = Array.from({ length: count }, (_, index) => `job-${String(index).padStart(4, "0")}`);
  await eachOf(ids, (id) => createJob(server, id, argv, more(id)));
  return startMany(server, ids);
}

/**
 * @param {BenchServer} server
 * @param {readonly string[]} ids
 * @returns {Promise<any[]>}
 */
export async function startMany(server, ids) {
  await eachOf(ids, (id) => start(server, id));
  // Not too often: with many runs, one look costs the server tens of milliseconds.
  return until(
    "all runs run",
    async () => {
      const { items } = await server.api.read("/api/v1/status");
      return items.every((/** @type {any} */ item) => item.run?.state === "running") ? items : null;
    },
    500,
  );
}

/**
 * Stops every run and waits until the dashboard says so of each.
 * @param {BenchServer} server
 * @returns {Promise<void>}
 */
export async function stopAll({ api }) {
  await api.command("/api/v1/stop-all", { graceMs: 2_000 });
  await until(
    "no run is left",
    async () => ((await api.read("/health")).runsWatched === 0 ? true : null),
    20,
  );
}

/**
 * Asks for a run again and again, without a pause, until `reached`.
 * @param {BenchServer} server
 * @param {string} runId
 * @param {(run: any) => boolean} reached
 * @returns {Promise<{ run: any, looks: number }>}
 */
export async function poll({ api }, runId, reached) {
  for (let looks = 1; ; looks += 1) {
    const run = await api.read(`/api/v1/runs/${runId}`);
    if (reached(run)) return { run, looks };
  }
}

/** @param {any} run */
export function isFinal(run) {
  return !ACTIVE.includes(run.state);
}

/**
 * Waits, with pauses, until a run is over.
 * @param {BenchServer} server
 * @param {string} runId
 */
export function ended({ api }, runId) {
  return until(
    "the run is over",
    async () => {
      const run = await api.read(`/api/v1/runs/${runId}`);
      return isFinal(run) ? run : null;
    },
    20,
  );
}

/**
 * @param {BenchServer} server
 * @param {string} job
 * @param {string} runId
 */
export function logPath({ dataDir }, job, runId) {
  return join(dataDir, job, "logs", `${runId}.log`);
}

/**
 * @param {BenchServer} server
 * @param {string} job
 * @param {string} runId
 */
export function readLog(server, job, runId) {
  return readFileSync(logPath(server, job, runId), "utf8");
}

/**
 * @param {readonly string[]} items
 * @param {(item: string) => Promise<unknown>} work
 */
export async function eachOf(items, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
