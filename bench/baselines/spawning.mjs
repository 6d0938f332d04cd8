import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { stampMs, wallClock } from "../rig/wall-clock.mjs";

/** spawning.mjs COUNT ends|killed PROGRAM [ARGUMENT...]: what it takes to start and to miss a child, with nothing around it. */

const RUNS_BEFORE_KILL_MS = 50;
const [count, end, program = "", ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "unstuck-bench-"));
const output = join(folder, "output");
const now = wallClock();
const samples = [];
try {
  for (let index = 0; index < Number(count); index += 1) samples.push(await sample());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(samples));

async function sample() {
  const log = openSync(output, "w");
  const began = now();
  const child = spawn(program, args, { stdio: ["ignore", log, log], detached: true });
  const exited = once(child, "exit").then(now);
  await once(child, "spawn");
  const spawnedMs = now() - began;
  closeSync(log);
  if (end === "killed") {
    await wait(RUNS_BEFORE_KILL_MS);
    const killed = now();
    child.kill("SIGKILL");
    return { firstOutputMs: null, spawnedMs, exitSeenMs: (await exited) - killed };
  }
  const seen = await exited;
  const stamp = stampMs(readFileSync(output, "utf8"));
  return { firstOutputMs: stamp - began, spawnedMs, exitSeenMs: seen - stamp };
}
