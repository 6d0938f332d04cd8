import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { figure, median } from "./rig/figures.mjs";
import { cpuSeconds } from "./rig/processes.mjs";
import { runMany, stopAll } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";

export const title = "Measuring what every run uses";

const SETTLE_MS = 10_000;
const EVERY_MS = 5_000;

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const count = quick ? 50 : 1_000;
  const seconds = quick ? 15 : 60;
  const server = await startServer(root);
  await runMany(server, count, ["sleep", "3600"]);
  await wait(SETTLE_MS);
  const whole = await share(server.pid, seconds);
  const bare = barePassMs();
  await stopAll(server);
  await server.stop();
  const idle = await startServer(root);
  await wait(SETTLE_MS);
  const alone = await share(idle.pid, seconds);
  await idle.stop();
  return [
    figure(`server with ${count} runs, all it does (baseline: no run)`, "% of a core", whole, alone),
    figure(`one bare pass over /proc with ${count} runs`, "ms", bare),
    figure("that pass every 5 s", "% of a core", (100 * bare) / EVERY_MS),
  ];
}

/**
 * @param {number} pid
 * @param {number} seconds
 */
async function share(pid, seconds) {
  const before = cpuSeconds(pid);
  const began = performance.now();
  await wait(seconds * 1_000);
  return (100 * (cpuSeconds(pid) - before)) / ((performance.now() - began) / 1_000);
}

/** List /proc and read each stat file, in the plainest way. */
function barePassMs() {
  const times = Array.from({ length: 9 }, () => {
    const began = performance.now();
    for (const name of readdirSync("/proc")) {
      if (!/^\d/.test(name)) continue;
      try {
        readFileSync(`/proc/${name}/stat`);
      } catch {
        // It ended meanwhile.
      }
    }
    return performance.now() - began;
  });
  return median(times);
}
