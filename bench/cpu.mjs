import { setTimeout as wait } from "node:timers/promises";
import { figure } from "./rig/figures.mjs";
import { cpuSeconds } from "./rig/processes.mjs";
import { runMany, stopAll } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";

export const title = "CPU of the server without requests";

const SETTLE_MS = 10_000;
const LINE_PER_SECOND = ["/bin/sh", "-c", "while :; do echo one more line; sleep 1; done"];

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const count = quick ? 20 : 200;
  const seconds = quick ? 10 : 30;
  const alone = await share(root, seconds, 0, []);
  return [
    figure(`${count} idle runs`, "% of a core", await share(root, seconds, count, ["sleep", "3600"]), alone),
    figure(
      `${count} runs, each writing a line a second`,
      "% of a core",
      await share(root, seconds, count, LINE_PER_SECOND),
      alone,
    ),
  ];
}

/**
 * @param {string} root
 * @param {number} seconds
 * @param {number} count
 * @param {readonly string[]} argv
 */
async function share(root, seconds, count, argv) {
  const server = await startServer(root);
  if (count > 0) await runMany(server, count, argv);
  await wait(SETTLE_MS);
  const before = cpuSeconds(server.pid);
  const began = performance.now();
  await wait(seconds * 1_000);
  const used = cpuSeconds(server.pid) - before;
  const percent = (100 * used) / ((performance.now() - began) / 1_000);
  if (count > 0) await stopAll(server);
  await server.stop();
  return percent;
}
