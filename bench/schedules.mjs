import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { figure, p50AndP95 } from "./rig/figures.mjs";
import { cpuSeconds } from "./rig/processes.mjs";
import { startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";

export const title = "Schedules: how late a time is queued, and what ten thousand of them cost";

const SETTLE_MS = 10_000;
const EVERY_SECOND = "* * * * * *";

/** @typedef {import("./rig/server.mjs").BenchServer} Server */

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const times = quick ? 15 : 60;
  const seconds = quick ? 10 : 60;
  const count = quick ? 1_000 : 10_000;
  const late = await lateness(root, times);
  return [
    ...p50AndP95("from its time to its run in the queue", "ms", late, await barely(root, times)),
    figure("the latest of them", "ms", Math.max(...late)),
    figure(
      `${count.toLocaleString("en")} schedules, none due`,
      "% of a core",
      await idle(root, count, seconds),
      await idle(root, 0, seconds),
    ),
  ];
}

/**
 * @param {Server} server
 * @param {string} id
 */
async function makeJob({ api }, id) {
  await api.command("/api/v1/jobs", { id, argv: ["true"], cwd: "/" });
}

/**
 * @param {string} root
 * @param {number} times
 * @returns {Promise<number[]>} milliseconds
 */
async function lateness(root, times) {
  const server = await startServer(root);
  await makeJob(server, "ticks");
  const { id } = await server.api.command("/api/v1/jobs/ticks/schedules", {
    when: { by: "cron", expression: EVERY_SECOND },
    timezone: "UTC",
  });
  const slots = async () => {
    /** @type {{ items: { slot: string, at: string, state: string }[] }} */
    const { items } = await server.api.read(`/api/v1/jobs/ticks/schedules/${id}/slots?limit=200`);
    return items.filter(({ state }) => state === "started");
  };
  // Not asked meanwhile: that would keep the server busy.
  await wait(times * 1_000);
  const started = await until("all have come", async () => {
    const found = await slots();
    return found.length >= times ? found : null;
  });
  await server.stop();
  return started.map(({ slot, at }) => Date.parse(at) - Date.parse(slot));
}

/**
 * The same engine in a process that does nothing else.
 * @param {string} root
 * @param {number} times
 * @returns {Promise<number[]>} milliseconds
 */
async function barely(root, times) {
  const script = `
    import { Cron } from "croner";
    let left = ${times};
    new Cron("${EVERY_SECOND}", (self) => {
      console.log(Date.now() % 1000);
      if (--left === 0) self.stop();
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  await new Promise((done) => child.once("close", done));
  return printed.trim().split("\n").map(Number);
}

/**
 * @param {string} root
 * @param {number} count
 * @param {number} seconds
 */
async function idle(root, count, seconds) {
  const server = await startServer(root);
  await makeJob(server, "nightly");
  // Twelve hours from now, spread over an hour.
  const hour = (new Date().getUTCHours() + 12) % 24;
  for (let made = 0; made < count; made += 1)
    await server.api.command("/api/v1/jobs/nightly/schedules", {
      when: { by: "cron", expression: `${made % 60} ${hour} * * *` },
      timezone: "UTC",
    });
  await wait(SETTLE_MS);
  const before = cpuSeconds(server.pid);
  const began = performance.now();
  await wait(seconds * 1_000);
  const used = cpuSeconds(server.pid) - before;
  const percent = (100 * used) / ((performance.now() - began) / 1_000);
  await server.stop();
  return percent;
}
