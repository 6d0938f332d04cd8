import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { freemem } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { figure } from "./rig/figures.mjs";
import { cpuSeconds } from "./rig/processes.mjs";
import { readLog, runMany, stopAll } from "./rig/runs.mjs";
import { startServer } from "./rig/server.mjs";

export const title =
  "CPU and writes while 200 reports come every second: by HTTP, by file and by log, a third each";

/** What 1,000 runs that report every 5 s send; fewer runs report more often. */
const REPORTS_PER_SECOND = 200;
const SETTLE_MS = 10_000;
const TICK_MS = 50;
/** Two processes for each run, a launcher and a sleep, need about this much. */
const BYTES_PER_RUN = 600_000;
/** It tells its token, then does nothing: the reports are made here, so that their own cost is not the server's. */
const PROGRAM = ["/bin/sh", "-c", "echo $UNSTUCK_RUN_TOKEN; exec sleep 3600"];

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const wanted = quick ? 100 : 1_000;
  const count = Math.min(wanted, Math.floor(freemem() / BYTES_PER_RUN));
  const seconds = quick ? 10 : 30;
  const server = await startServer(root);
  const items = await runMany(server, count, PROGRAM);
  const runs = items.map(({ job, run }) => ({ job, id: run.id, token: readLog(server, job, run.id).trim() }));
  await wait(SETTLE_MS);
  const idle = await during(server, seconds, null);
  const reporting = reporter(server, runs);
  await wait(SETTLE_MS);
  const busy = await during(server, seconds, reporting);
  await reporting.stop();
  await stopAll(server);
  await server.stop();
  return [
    figure(`${count} runs watched, reporting`, "% of a core", busy.percent, idle.percent),
    figure("reports taken", "a second", busy.reports, 0),
    figure("write transactions", "a second", busy.writes, idle.writes),
  ];
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} seconds
 * @param {{ sent: () => number } | null} reporting
 */
async function during(server, seconds, reporting) {
  const before = { cpu: cpuSeconds(server.pid), writes: commits(server), sent: reporting?.sent() ?? 0 };
  const began = performance.now();
  let writes = 0;
  let last = before.writes;
  while (performance.now() - began < seconds * 1_000) {
    await wait(TICK_MS);
    const now = commits(server);
    // One commit between two looks as far as these can tell: the counter changes with each.
    if (now !== last) writes += 1;
    last = now;
  }
  const took = (performance.now() - began) / 1_000;
  return {
    percent: (100 * (cpuSeconds(server.pid) - before.cpu)) / took,
    reports: ((reporting?.sent() ?? 0) - before.sent) / took,
    writes: writes / took,
  };
}

/**
 * What the head of SQLite's write-ahead index says; its change counter and frame number move with each commit.
 * @param {import("./rig/server.mjs").BenchServer} server
 */
function commits({ dataDir }) {
  return readFileSync(join(dataDir, "unstuck.db-shm")).subarray(0, 48).toString("hex");
}

/**
 * Every run reports in turn, spread evenly over time.
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {readonly { job: string, id: string, token: string }[]} runs
 */
function reporter(server, runs) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 2_000 });
  let sent = 0;
  let stopped = false;
  const loop = (async () => {
    const began = performance.now();
    for (let next = 0; !stopped; ) {
      const due = Math.floor(((performance.now() - began) / 1_000) * REPORTS_PER_SECOND);
      for (; next < due; next += 1) {
        const run = runs[next % runs.length];
        if (run === undefined) return;
        const round = Math.floor(next / runs.length);
        report(server, agent, run, next % 3, round);
        sent += 1;
      }
      await wait(5);
    }
  })();
  return {
    sent: () => sent,
    stop: async () => {
      stopped = true;
      await loop;
      agent.destroy();
    },
  };
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {Agent} agent
 * @param {{ job: string, id: string, token: string }} run
 * @param {number} way
 * @param {number} round
 */
function report({ origin, dataDir }, agent, { job, id, token }, way, round) {
  const fields = { extracted: round, total: 100_000, message: `page ${round}` };
  if (way === 0) {
    const headers = { authorization: `Bearer ${token}` };
    const call = request(
      `${origin}/api/v1/runs/${id}/progress`,
      { method: "POST", agent, headers },
      (answer) => {
        if (answer.statusCode !== 204) throw new Error(`A report was answered ${answer.statusCode}.`);
        answer.resume();
      },
    );
    call.once("error", () => undefined);
    call.end(JSON.stringify(fields));
  } else if (way === 1) writeFileSync(join(dataDir, "runs", id, "progress.json"), JSON.stringify(fields));
  else {
    const line = `::unstuck progress extracted=${round} total=100000 message="page ${round}"\n`;
    writeFileSync(join(dataDir, job, "logs", `${id}.log`), line, { flag: "a" });
  }
}
