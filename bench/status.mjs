import { writeFileSync } from "node:fs";
import { join } from "node:path";
import autocannon from "autocannon";
import { bareServer } from "./rig/baseline.mjs";
import { figure, median, percentile } from "./rig/figures.mjs";
import { runMany, stopAll } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "Asking for the status while runs are alive";

const ROUNDS = 3;

/** @typedef {{ perSecond: number, p50: number, p99: number }} Load */

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const server = await startServer(root);
  const items = await runMany(server, quick ? 20 : 200, ["sleep", "3600"]);
  const seconds = quick ? 2 : 10;
  const figures = [];
  for (const [name, path] of [
    [`/api/v1/status, ${items.length} runs`, "/api/v1/status"],
    ["/api/v1/runs/:run", `/api/v1/runs/${items[0].run.id}`],
    ["/health", "/health"],
  ]) {
    const file = join(newFolder(), "answer");
    const { body } = await server.api.get(path ?? "");
    writeFileSync(file, body);
    const bare = await bareServer(file, "memory");
    try {
      const url = `${server.origin}${path}`;
      for (const connections of path === "/api/v1/status" ? [1, 10] : [10])
        figures.push(
          ...(await compared(`${name}, ${connections} at once`, url, bare.origin, connections, seconds)),
        );
      if (path === "/api/v1/status") figures.push(figure("bytes of that answer", "KiB", body.length / 1_024));
    } finally {
      await bare.stop();
    }
  }
  await stopAll(server);
  return figures;
}

/**
 * @param {string} name
 * @param {string} url
 * @param {string} bareUrl
 * @param {number} connections
 * @param {number} seconds
 */
async function compared(name, url, bareUrl, connections, seconds) {
  /** @type {Load[]} */
  const ours = [];
  /** @type {Load[]} */
  const bare = [];
  await load(url, connections, 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await load(bareUrl, connections, seconds));
    ours.push(await load(url, connections, seconds));
  }
  const of = (/** @type {Load[]} */ loads, /** @type {keyof Load} */ key) =>
    median(loads.map((one) => one[key]));
  return [
    figure(name, "/s", of(ours, "perSecond"), of(bare, "perSecond")),
    figure("– p50", "ms", of(ours, "p50"), of(bare, "p50")),
    figure("– p99", "ms", of(ours, "p99"), of(bare, "p99")),
  ];
}

/**
 * Its own percentiles are whole milliseconds, so the times are taken one by one.
 * @param {string} url
 * @param {number} connections
 * @param {number} seconds
 * @returns {Promise<Load>}
 */
function load(url, connections, seconds) {
  /** @type {number[]} */
  const times = [];
  let refused = 0;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const instance = autocannon({ url, connections, duration: seconds }, (error) => {
      if (error !== null && error !== undefined) return reject(error);
      if (refused > 0) return reject(new Error(`${refused} answers from ${url} were not 200.`));
      const perSecond = times.length / ((performance.now() - began) / 1_000);
      resolve({ perSecond, p50: median(times), p99: percentile(times, 99) });
    });
    instance.on("response", (_client, status, _bytes, milliseconds) => {
      times.push(milliseconds);
      if (status !== 200) refused += 1;
    });
  });
}
