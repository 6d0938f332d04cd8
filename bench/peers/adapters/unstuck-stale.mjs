import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../rig/processes.mjs";
import { kill, messageOf } from "../programs.mjs";

/**
 * @typedef {import("./unstuck.mjs").Unstuck} Unstuck
 * @typedef {import("./adapter.mjs").StaleCase} StaleCase
 */

const HOUR_MS = 3_600_000;
/** Two sweeps. */
const LOOKED_AT_MS = 4_000;
const STOPPED_MS = 2_500;

/**
 * Every place where we keep a pid: the run's claim and payload, the run's row, the note of who holds the data folder, and a job's pid file.
 * @param {Unstuck} unstuck
 * @param {StaleCase} what
 * @returns {Promise<import("./adapter.mjs").StaleStep[]>}
 */
export async function staleSteps(unstuck, what) {
  await poison(unstuck, what);
  const restarted = await unstuck.launch().then(() => "started", messageOf);
  await wait(LOOKED_AT_MS);
  const { state, running } = await seen(unstuck, what.job);
  const step = (/** @type {string} */ name, /** @type {string} */ result) => ({
    step: name,
    result,
    untouched: isRunning(what.stranger),
  });
  const afterRestart = step(
    "server and run dead; claim, payload, row and lock note name a stranger (old start ticks): restart",
    `${restarted}; state ${state}, called running: ${running}`,
  );
  const afterStop = step("stop that job", await stop(unstuck, what.job));
  const job = await defineWithPidFile(unstuck, what);
  const started = await unstuck.start(job).then(() => "accepted", messageOf);
  await wait(LOOKED_AT_MS / 2);
  const afterStart = step(
    "a job's pid file, older than the stranger that it names: start",
    `${started}; state ${(await seen(unstuck, job)).state}`,
  );
  return [
    afterRestart,
    afterStop,
    afterStart,
    step("stop the job with the pid file", await stop(unstuck, job)),
  ];
}

/**
 * @param {Unstuck} unstuck
 * @param {StaleCase} what
 */
async function poison(unstuck, { stranger, job }) {
  const run = unstuck.runs.get(job) ?? "";
  const folder = join(unstuck.dataDir, "runs", run);
  const [word, launcher, launcherTicks] = wordsOf(join(folder, "claim"));
  const [, ticks] = wordsOf(join(folder, "payload"));
  await unstuck.crash();
  // First, so that it cannot record the end.
  kill(Number(launcher));
  unstuck.killProbesOf(job);
  await wait(200);
  writeFileSync(join(folder, "payload"), `${stranger} ${ticks}\n`);
  // A hard link of the launcher's own note.
  rmSync(join(folder, "claim"));
  writeFileSync(join(folder, "claim"), `${word} ${stranger} ${launcherTicks}\n`);
  const holder = join(unstuck.dataDir, "instance.lock.holder");
  writeFileSync(holder, JSON.stringify({ ...JSON.parse(readFileSync(holder, "utf8")), pid: stranger }));
  poisonRows(unstuck, run, stranger);
}

/** @param {string} file */
function wordsOf(file) {
  return readFileSync(file, "utf8").trim().split(" ");
}

/**
 * @param {Unstuck} unstuck
 * @param {string} run
 * @param {number} pid
 */
function poisonRows({ root, dataDir }, run, pid) {
  const Database = createRequire(join(root, "package.json"))("better-sqlite3");
  const database = new Database(join(dataDir, "unstuck.db"));
  database.prepare("UPDATE Run SET pid = ?, launcherPid = ? WHERE id = ?").run(pid, pid, run);
  database.prepare("UPDATE Worker SET pid = ?").run(pid);
  database.close();
}

/**
 * @param {Unstuck} unstuck
 * @param {string} job
 */
async function seen(unstuck, job) {
  const one = (await unstuck.list()).find(({ name }) => name === job);
  return { state: one?.state ?? "unknown", running: one?.running ?? false };
}

/**
 * @param {Unstuck} unstuck
 * @param {string} job
 */
async function stop(unstuck, job) {
  const answer = await unstuck.stop(job).then(() => "accepted", messageOf);
  await wait(STOPPED_MS);
  return answer;
}

/**
 * A job whose pid file was written before the stranger began, so by a process that had its number earlier.
 * @param {Unstuck} unstuck
 * @param {StaleCase} what
 */
async function defineWithPidFile(unstuck, { stranger, job }) {
  const name = `${job}pf`;
  const pidFile = join(unstuck.session.home, "own.pid");
  writeFileSync(pidFile, `${stranger}\n`);
  const before = new Date(Date.now() - HOUR_MS);
  utimesSync(pidFile, before, before);
  await unstuck.define([{ ...unstuck.session.sleeper(name, 100), pidFile }]);
  return name;
}
