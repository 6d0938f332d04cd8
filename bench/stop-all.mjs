import { spawn } from "node:child_process";
import { once } from "node:events";
import { figure, median } from "./rig/figures.mjs";
import { runMany, startMany, stopAll } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";

export const title = "Stopping everything";

const PROGRAM = ["sleep", "600"];

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const count = quick ? 20 : 200;
  const server = await startServer(root);
  const jobs = (await runMany(server, count, PROGRAM)).map((item) => item.job);
  /** @type {{ ours: number[], bare: number[] }} */
  const all = { ours: [], bare: [] };
  for (let round = 0; round < 3; round += 1) {
    if (round > 0) await startMany(server, jobs);
    all.bare.push(await bareStop(count));
    const began = performance.now();
    await stopAll(server);
    all.ours.push(performance.now() - began);
  }
  return [figure(`POST stop-all → all ${count} runs final`, "ms", median(all.ours), median(all.bare))];
}

/** @param {number} count */
async function bareStop(count) {
  const [program = "", ...args] = PROGRAM;
  const children = Array.from({ length: count }, () => spawn(program, args, { stdio: "ignore" }));
  await Promise.all(children.map((child) => once(child, "spawn")));
  const began = performance.now();
  const gone = children.map((child) => once(child, "exit"));
  for (const child of children) child.kill("SIGTERM");
  await Promise.all(gone);
  return performance.now() - began;
}
