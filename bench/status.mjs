import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import autocannon from "autocannon";
import { bareServer } from "./rig/baseline.mjs";
import { figure, median, percentile } from "./rig/figures.mjs";
import { runMany, stopAll } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";

export const title = "Asking for the status while runs are alive";

const ROUNDS = 3;
const STEADY_MS = 5_000;

/** @typedef {{ perSecond: number, p50: number, p99: number }} Load */

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const server = await startServer(root);
  const items = await runMany(server, quick ? 20 : 200, ["sleep", "3600"]);
  const seconds = quick ? 2 : 10;
  const figures = [];
  for (const [name, path] of [
    [`/api/v1/status, ${items.length} runs`, "/api/v1/status"],
    ["/api/v1/status?fields=job,state,health,pid", "/api/v1/status?fields=job,state,health,pid"],
    ["/api/v1/runs/:run", `/api/v1/runs/${items[0].run.id}`],
    ["/health", "/health"],
  ]) {
    const file = join(newFolder(), "answer");
    const { body } = await server.api.get(path ?? "");
    writeFileSync(file, body);
    const bare = await bareServer(file, "memory");
    try {
      const url = `${server.origin}${path}`;
      if (path === "/api/v1/status") figures.push(...(await unchanged(server, bare.origin, seconds)));
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
 * Who polls and has the answer already. What has just been started is measured for the first time yet, so it is waited for.
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {string} bareUrl
 * @param {number} seconds
 */
async function unchanged({ origin }, bareUrl, seconds) {
  const url = `${origin}/api/v1/status`;
  const tag = async () => (await fetch(url, { method: "HEAD" })).headers.get("etag") ?? "";
  const etag = await until("nothing changes any more", async () => {
    const before = await tag();
    await wait(STEADY_MS);
    return (await tag()) === before ? before : null;
  });
  return compared("the same, unchanged (304), 10 at once", url, bareUrl, 10, seconds, etag);
}

/**
 * @param {string} name
 * @param {string} url
 * @param {string} bareUrl
 * @param {number} connections
 * @param {number} seconds
 * @param {string} [etag] what is asked for only if it has changed, which it has not
 */
async function compared(name, url, bareUrl, connections, seconds, etag) {
  /** @type {Load[]} */
  const ours = [];
  /** @type {Load[]} */
  const bare = [];
  await load(url, connections, 1, etag);
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await load(bareUrl, connections, seconds));
    ours.push(await load(url, connections, seconds, etag));
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
 * @param {string} [etag]
 * @returns {Promise<Load>}
 */
function load(url, connections, seconds, etag) {
  const headers = etag === undefined ? {} : { "if-none-match": etag };
  const expected = etag === undefined ? 200 : 304;
  /** @type {number[]} */
  const times = [];
  let refused = 0;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const instance = autocannon({ url, connections, duration: seconds, headers }, (error) => {
      if (error !== null && error !== undefined) return reject(error);
      if (refused > 0) return reject(new Error(`${refused} answers from ${url} were not ${expected}.`));
      const perSecond = times.length / ((performance.now() - began) / 1_000);
      resolve({ perSecond, p50: median(times), p99: percentile(times, 99) });
    });
    instance.on("response", (_client, status, _bytes, milliseconds) => {
      times.push(milliseconds);
      if (status !== expected) refused += 1;
    });
  });
}
