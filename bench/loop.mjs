import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { figure } from "./rig/figures.mjs";
import { runMany, start, stopAll } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "How long the server's event loop is held up";

const RUNS = 200;
/** One stop and one start in turn: 20 of each a minute. */
const PAUSE_MS = 3_000;
const LOOK_EVERY_MS = 2_000;
/** Speaks every second and keeps a checkpoint, as a scraper does. */
const SCRAPER = [
  "/bin/sh",
  "-c",
  'n=0; while :; do n=$((n+1)); echo "page $n"; echo "{\\"page\\":$n}" > "state-$UNSTUCK_JOB.json"; sleep 1; done',
];

/**
 * 200 runs, every three seconds one of them stopped and started again, and one person with an open page; an hour of it (a minute
 * with --quick). The baseline is the same server without runs and without visitors.
 * @param {import("../scripts/bench.mjs").Bench} bench
 */
export async function measure({ root, quick }) {
  const minutes = quick ? 1 : 60;
  const file = join(newFolder(), "loop-delay.json");
  const preload = ["--import", new URL("./rig/loop-delay.mjs", import.meta.url).href];
  const server = await startServer(root, {
    command: [process.execPath, ...preload, "scripts/start.mjs"],
    env: { LOOP_DELAY_FILE: file },
  });
  const idle = await during(file, () => wait(quick ? 20_000 : 60_000));
  const cwd = newFolder();
  // A file of its own: a start that starts over would set the files of all jobs aside with one pattern for
  // all.
  const jobs = await runMany(server, RUNS, SCRAPER, (id) => ({ cwd, checkpoint: `state-${id}.json` }));
  const restarts = { done: 0 };
  const busy = await during(file, () =>
    Promise.all([
      keepRestarting(
        server,
        jobs.map(({ job }) => job),
        minutes,
        restarts,
      ),
      keepLooking(server, minutes),
    ]),
  );
  await stopAll(server);
  await server.stop();
  const ms = (/** @type {number} */ ns) => ns / 1e6;
  const what = `${RUNS} runs, ${restarts.done} stopped and started again, ${minutes} min`;
  return [
    figure(`${what}: p50`, "ms", ms(busy.p50), ms(idle.p50)),
    figure("– p99", "ms", ms(busy.p99), ms(idle.p99)),
    figure("– p99.9", "ms", ms(busy.p999), ms(idle.p999)),
    figure("– max", "ms", ms(busy.max), ms(idle.max)),
  ];
}

/**
 * @param {string} file
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ p50: number, p99: number, p999: number, max: number }>} nanoseconds
 */
async function during(file, work) {
  rmSync(file, { force: true });
  await wait(1_000);
  await work();
  await wait(1_000);
  return JSON.parse(readFileSync(file, "utf8"));
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {readonly string[]} jobs
 * @param {number} minutes
 * @param {{ done: number }} count
 */
async function keepRestarting(server, jobs, minutes, count) {
  const end = performance.now() + minutes * 60_000;
  for (let turn = 0; performance.now() < end; turn += 1) {
    const began = performance.now();
    const job = jobs[turn % jobs.length] ?? "";
    await server.api.command(`/api/v1/jobs/${job}/stop`, { graceMs: 2_000 });
    await over(server, job);
    await start(server, job);
    count.done += 1;
    await wait(Math.max(0, PAUSE_MS - (performance.now() - began)));
  }
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {string} job
 */
async function over({ api }, job) {
  for (;;) {
    const { state } = await api.read(`/api/v1/jobs/${job}/status`);
    if (state !== "RUNNING") return;
    await wait(50);
  }
}

/**
 * What an open overview asks for.
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} minutes
 */
async function keepLooking({ api }, minutes) {
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    await api.read("/api/v1/status");
    await api.read("/api/v1/stuck");
    await wait(LOOK_EVERY_MS);
  }
}
