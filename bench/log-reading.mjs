import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { bareServer } from "./rig/baseline.mjs";
import { figure, median, percentile } from "./rig/figures.mjs";
import { LINE_BYTES, numberedLines } from "./rig/numbered-lines.mjs";
import { createJob, ended, logPath, start } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "Reading a log";

const MIB = 1_048_576;
const JOB = "wrote";

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const lines = quick ? 100_000 : 1_000_000;
  const server = await startServer(root);
  await createJob(server, JOB, numberedLines(lines, 640, join(newFolder(), "time")));
  const runId = await start(server, JOB);
  await ended(server, runId);
  const file = logPath(server, JOB, runId);
  const url = `${server.origin}/api/v1/runs/${runId}/log`;
  if ((await hashOf(url)) !== (await hashOfFile(file))) throw new Error("The API's log is not the file's.");
  const bare = await bareServer(file, "stream");
  try {
    /** @type {{ whole: number[], bare: number[], tail: number[] }} */
    const all = { whole: [], bare: [], tail: [] };
    for (let round = 0; round < (quick ? 3 : 5); round += 1) {
      all.bare.push(await throughput(bare.origin, lines * LINE_BYTES));
      all.whole.push(await throughput(url, lines * LINE_BYTES));
    }
    for (let index = 0; index < 100; index += 1) all.tail.push(await tail(server, runId));
    return [
      figure("GET log, the whole of it", "MiB/s", median(all.whole), median(all.bare)),
      figure("GET log?tail=500, p50", "ms", median(all.tail)),
      figure("GET log?tail=500, p95", "ms", percentile(all.tail, 95)),
    ];
  } finally {
    await bare.stop();
  }
}

/**
 * @param {string} url
 * @param {number} expected
 * @returns {Promise<number>} MiB in a second
 */
async function throughput(url, expected) {
  const began = performance.now();
  let bytes = 0;
  for await (const chunk of await body(url)) bytes += chunk.length;
  if (bytes !== expected) throw new Error(`Expected ${expected} bytes, got ${bytes}.`);
  return bytes / MIB / ((performance.now() - began) / 1_000);
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {string} runId
 */
async function tail({ api }, runId) {
  const began = performance.now();
  const { status, body } = await api.get(`/api/v1/runs/${runId}/log?tail=500`);
  if (status !== 200 || body.length !== 500 * LINE_BYTES)
    throw new Error(`Got ${status} and ${body.length} bytes.`);
  return performance.now() - began;
}

/** @param {string} url */
async function hashOf(url) {
  const hash = createHash("sha256");
  await pipeline(await body(url), hash);
  return hash.digest("hex");
}

/** @param {string} file */
async function hashOfFile(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * @param {string} url
 * @returns {Promise<import("node:http").IncomingMessage>}
 */
function body(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, resolve).once("error", reject);
  });
}
