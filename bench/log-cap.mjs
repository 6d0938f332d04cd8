import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { figure, median } from "./rig/figures.mjs";
import { LINE_BYTES, numberedLines } from "./rig/numbered-lines.mjs";
import { createJob, ended, logPath, start } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "Writing a log over its cap";

const JOB = "capped";
const CAP_BYTES = 50_000_000;

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const lines = quick ? 1_000_000 : 10_000_000;
  const rounds = quick ? 2 : 5;
  const server = await startServer(root);
  const folder = newFolder();
  const timeFile = join(folder, "time");
  const argv = numberedLines(lines, 640, timeFile);
  await createJob(server, JOB, argv, { logCapBytes: CAP_BYTES });
  /** @type {{ run: number[], bare: number[], held: number[], lost: number[] }} */
  const all = { run: [], bare: [], held: [], lost: [] };
  for (let round = 0; round < rounds; round += 1) {
    all.bare.push(await toPlainFile(argv, join(folder, "plain"), timeFile));
    const { took, held, lost } = await asRun(server, lines, timeFile);
    all.run.push(took);
    all.held.push(held);
    all.lost.push(lost);
  }
  return [
    figure(`${(lines * LINE_BYTES) / 1e9} GB through a cap of 50 MB`, "s", median(all.run), median(all.bare)),
    figure("disk used by the log in the end", "MB", Math.max(...all.held)),
    figure("kept lines lost, doubled or out of order", "", Math.max(...all.lost)),
  ];
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} lines
 * @param {string} timeFile
 */
async function asRun(server, lines, timeFile) {
  const runId = await start(server, JOB);
  const run = await ended(server, runId);
  if (run.state !== "completed") throw new Error(`The run became ${run.state}: ${run.reason}`);
  const log = logPath(server, JOB, runId);
  const held = (statSync(log).blocks * 512) / 1e6;
  const kept = await (await fetch(`${server.origin}/api/v1/runs/${runId}/log`)).text();
  rmSync(log);
  return { took: secondsIn(timeFile), held, lost: faults(kept, lines) };
}

/**
 * @param {readonly string[]} argv
 * @param {string} file
 * @param {string} timeFile
 */
async function toPlainFile([program = "", ...args], file, timeFile) {
  const descriptor = openSync(file, "w");
  const child = spawn(program, args, { stdio: ["ignore", descriptor, descriptor] });
  closeSync(descriptor);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`The program ended with ${code}.`);
  rmSync(file);
  return secondsIn(timeFile);
}

/** The program's own word: from before its first line to after its last. @param {string} timeFile */
function secondsIn(timeFile) {
  return Number(readFileSync(timeFile, "utf8")) / 1_000;
}

/**
 * How many of the kept lines are not where they belong: each number is one more than the one before, up to the last.
 * @param {string} kept
 * @param {number} last
 */
function faults(kept, last) {
  const lines = kept.split("\n").slice(0, -1);
  const first = last - lines.length + 1;
  const wrong = lines.filter((line, index) => Number(line.slice(0, 10)) !== first + index);
  return wrong.length + (lines.length * LINE_BYTES < CAP_BYTES ? 1 : 0);
}
