import { setTimeout as wait } from "node:timers/promises";
import { bareSpawns } from "./rig/baseline.mjs";
import { figure, median, p50AndP95 } from "./rig/figures.mjs";
import { parentOf } from "./rig/processes.mjs";
import { createJob, isFinal, poll, readLog, start } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";
import { stampMs, wallClock } from "./rig/wall-clock.mjs";

export const title = "From a program's end to the API's word on it";

/** Its last act is to say what time it is. */
const ENDS = ["/bin/sh", "-c", "sleep 0.05; exec date +%s%N"];
const FOREVER = ["sleep", "600"];
const RUNS_BEFORE_KILL_MS = 50;

/** @typedef {import("./rig/server.mjs").BenchServer} BenchServer */

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const server = await startServer(root);
  const rounds = quick ? 1 : 4;
  const perRound = quick ? 10 : 25;
  await createJob(server, "ends", ENDS);
  await createJob(server, "forever", FOREVER);
  /** @type {{ byItself: number[], killed: number[], bothKilled: number[], bareItself: number[], bareKilled: number[], between: number[] }} */
  const all = { byItself: [], killed: [], bothKilled: [], bareItself: [], bareKilled: [], between: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < perRound; index += 1) {
      all.byItself.push(await endsByItself(server));
      all.killed.push(await killed(server, all.between, (pid) => [pid]));
      all.bothKilled.push(await killed(server, all.between, (pid) => [parentOf(pid), pid]));
    }
    all.bareItself.push(...(await bareSpawns(perRound, "ends", ENDS)).map((sample) => sample.exitSeenMs));
    all.bareKilled.push(
      ...(await bareSpawns(perRound, "killed", FOREVER)).map((sample) => sample.exitSeenMs),
    );
  }
  return [
    ...p50AndP95("the program ends by itself → final", "ms", all.byItself, all.bareItself),
    ...p50AndP95("the program is killed → final", "ms", all.killed, all.bareKilled),
    ...p50AndP95("program and launcher are killed → final", "ms", all.bothKilled, all.bareKilled),
    figure("between two looks at the API (resolution)", "ms", median(all.between)),
  ];
}

/** @param {BenchServer} server */
async function endsByItself(server) {
  const now = wallClock();
  const runId = await start(server, "ends");
  await poll(server, runId, isFinal);
  return now() - stampMs(readLog(server, "ends", runId));
}

/**
 * @param {BenchServer} server
 * @param {number[]} between takes in the time from one look to the next
 * @param {(pid: number) => number[]} whom in this order
 */
async function killed(server, between, whom) {
  const runId = await start(server, "forever");
  const { run } = await poll(server, runId, ({ state, pid }) => state === "running" && pid !== null);
  await wait(RUNS_BEFORE_KILL_MS);
  const pids = whom(run.pid);
  const began = performance.now();
  for (const pid of pids) if (pid > 1) process.kill(pid, "SIGKILL");
  const { looks } = await poll(server, runId, isFinal);
  const took = performance.now() - began;
  between.push(took / looks);
  return took;
}
