import { bareSpawns } from "./rig/baseline.mjs";
import { p50AndP95 } from "./rig/figures.mjs";
import { createJob, ended, poll, readLog, start } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";
import { stampMs, wallClock } from "./rig/wall-clock.mjs";

export const title = "From the request to the running program";

/** Its first act is to say what time it is; then it lives long enough to be seen. */
const PROGRAM = ["/bin/sh", "-c", "date +%s%N; exec sleep 0.1"];
const JOB = "start";
const BEGUN = ["running", "completed"];

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const server = await startServer(root);
  await createJob(server, JOB, PROGRAM);
  await acts(server, 5);
  const rounds = quick ? 2 : 4;
  const perRound = quick ? 10 : 50;
  /** @type {number[][]} */
  const [act, seen, bareAct, bareSeen] = [[], [], [], []];
  for (let round = 0; round < rounds; round += 1) {
    act?.push(...(await acts(server, perRound)));
    seen?.push(...(await sights(server, perRound)));
    const bare = await bareSpawns(perRound, "ends", PROGRAM);
    bareAct?.push(...bare.map((sample) => sample.firstOutputMs ?? Number.NaN));
    bareSeen?.push(...bare.map((sample) => sample.spawnedMs));
  }
  return [
    ...p50AndP95("POST start → the program's first act", "ms", act ?? [], bareAct ?? []),
    ...p50AndP95("POST start → the API says running", "ms", seen ?? [], bareSeen ?? []),
  ];
}

/**
 * There are no API requests meanwhile, so that nothing but the start is measured.
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} count
 */
export async function acts(server, count) {
  const now = wallClock();
  const latencies = [];
  for (let index = 0; index < count; index += 1) {
    const asked = now();
    const runId = await start(server, JOB);
    await ended(server, runId);
    latencies.push(stampMs(readLog(server, JOB, runId)) - asked);
  }
  return latencies;
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} count
 */
async function sights(server, count) {
  const latencies = [];
  for (let index = 0; index < count; index += 1) {
    const asked = performance.now();
    const runId = await start(server, JOB);
    await poll(server, runId, (run) => BEGUN.includes(run.state));
    latencies.push(performance.now() - asked);
    await ended(server, runId);
  }
  return latencies;
}
