import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, createReadStream, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { figure, median } from "./rig/figures.mjs";
import { LINE_BYTES, numberedLines } from "./rig/numbered-lines.mjs";
import { createJob, ended, logPath, start } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "Writing a log";

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const lines = quick ? 100_000 : 1_000_000;
  const rounds = quick ? 2 : 5;
  const server = await startServer(root);
  const folder = newFolder();
  const figures = [];
  for (const [job, perWrite] of /** @type {const} */ ([
    ["one-line-per-write", 1],
    ["640-lines-per-write", 640],
  ])) {
    const timeFile = join(folder, job);
    const argv = numberedLines(lines, perWrite, timeFile);
    await createJob(server, job, argv);
    /** @type {{ lost: number[], run: number[], bare: number[] }} */
    const all = { lost: [], run: [], bare: [] };
    for (let round = 0; round < rounds; round += 1) {
      all.bare.push(await toPlainFile(argv, join(folder, "plain"), timeFile));
      const { took, lost } = await asRun(server, job, lines, timeFile);
      all.run.push(took);
      all.lost.push(lost);
    }
    const what = `${lines.toLocaleString("en-US")} lines, ${perWrite === 1 ? "a write each" : `${perWrite} per write`}`;
    figures.push(figure(what, "s", median(all.run), median(all.bare)));
    figures.push(figure("lines lost, doubled or out of order", "", Math.max(...all.lost)));
  }
  return figures;
}

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {string} job
 * @param {number} lines
 * @param {string} timeFile
 */
async function asRun(server, job, lines, timeFile) {
  const runId = await start(server, job);
  const run = await ended(server, runId);
  if (run.state !== "completed") throw new Error(`The run became ${run.state}: ${run.reason}`);
  const log = logPath(server, job, runId);
  const lost = await faults(log, lines);
  rmSync(log);
  return { took: secondsIn(timeFile), lost };
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
  if (code !== 0)
    throw new Error(`The program ended with ${code}: ${readFileSync(file, "utf8").slice(0, 500)}`);
  rmSync(file);
  return secondsIn(timeFile);
}

/** The program's own word: from before its first line to after its last. @param {string} timeFile */
function secondsIn(timeFile) {
  return Number(readFileSync(timeFile, "utf8")) / 1_000;
}

/**
 * How many lines are not where they belong: line n must begin with n, and there must be as many as were written.
 * @param {string} file
 * @param {number} expected
 */
async function faults(file, expected) {
  let found = 0;
  let wrong = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    found += 1;
    if (Number(line.slice(0, 10)) !== found || line.length !== LINE_BYTES - 1) wrong += 1;
  }
  return wrong + Math.abs(expected - found);
}
