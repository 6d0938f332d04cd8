import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { figure, median } from "./rig/figures.mjs";
import { parentOf, pssKib, rssKib } from "./rig/processes.mjs";
import { runMany, startMany, stopAll } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";

export const title = "Memory of an idle run";

const PROGRAM = ["sleep", "600"];
const SETTLE_MS = 8_000;

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const count = quick ? 20 : 200;
  const server = await startServer(root);
  // Once in vain: the first runs make the server load and compile what it had not needed before.
  const jobs = (await runMany(server, count, PROGRAM)).map((item) => item.job);
  await stopAll(server);
  /** @type {Awaited<ReturnType<typeof oneRound>>[]} */
  const rounds = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) rounds.push(await oneRound(server, jobs));
  const of = (/** @type {keyof (typeof rounds)[number]} */ name) =>
    median(rounds.map((round) => round[name]));
  const bare = await barePss(count);
  return [
    figure("launcher of a run, PSS (baseline: the bare program)", "KiB", of("launcher"), bare),
    figure("launcher and program, PSS (same baseline)", "KiB", of("both"), bare),
    figure("server with 0 runs, PSS", "MiB", of("before") / 1_024),
    figure(`server with ${count} runs, PSS`, "MiB", of("after") / 1_024),
    figure("server's growth per run, PSS", "KiB", (of("after") - of("before")) / count),
    figure("server's growth per run, RSS", "KiB", (of("rssAfter") - of("rssBefore")) / count),
  ];
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {readonly string[]} jobs
 */
async function oneRound(server, jobs) {
  await wait(SETTLE_MS);
  const before = pssKib(server.pid);
  const rssBefore = rssKib(server.pid);
  const items = await startMany(server, jobs);
  await wait(SETTLE_MS);
  const programs = items.map((item) => item.run.pid);
  const launcher = mean(programs.map((pid) => pssKib(parentOf(pid))));
  const program = mean(programs.map(pssKib));
  const after = pssKib(server.pid);
  const rssAfter = rssKib(server.pid);
  await stopAll(server);
  return { launcher, both: launcher + program, before, after, rssBefore, rssAfter };
}

/**
 * As many of the same program, started by this process alone.
 * @param {number} count
 */
async function barePss(count) {
  const [program = "", ...args] = PROGRAM;
  const children = Array.from({ length: count }, () => spawn(program, args, { stdio: "ignore" }));
  try {
    const pids = children.map((child) => child.pid ?? 0);
    await wait(500);
    return mean(pids.map(pssKib));
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await until("they have ended", () =>
      children.every((child) => child.signalCode !== null) ? true : null,
    );
  }
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
