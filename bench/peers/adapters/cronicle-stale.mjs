import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isRunning } from "../../rig/processes.mjs";
import { waitFor } from "../clock.mjs";
import { kill, readPid } from "../programs.mjs";

/**
 * @typedef {import("./cronicle.mjs").Cronicle} Cronicle
 * @typedef {import("./adapter.mjs").StaleStep} StaleStep
 */

/**
 * Its own pid file after a `kill -9`; then the pid that it keeps for a detached job: a clean stop, the job and its runner killed, the completion
 * file removed as if the runner had been killed, and a stranger's pid in the file.
 * @param {Cronicle} cronicle
 * @param {import("./adapter.mjs").StaleCase} what
 * @returns {Promise<StaleStep[]>}
 */
export async function staleSteps(cronicle, { stranger, job }) {
  const ofDaemon = await daemonSteps(cronicle, stranger);
  await untilListed(cronicle);
  for (const { pid } of cronicle.session.probes()) if (pid !== stranger) kill(pid);
  return [...ofDaemon, ...(await detachedSteps(cronicle, stranger, `${job}det`))];
}

/**
 * @param {Cronicle} cronicle
 * @param {number} stranger
 */
async function daemonSteps(cronicle, stranger) {
  await cronicle.crash();
  writeFileSync(cronicle.pidFile, String(stranger));
  const { stdout } = await cronicle.control("stop");
  const stopped = {
    step: "daemon dead, cronicled.pid names a stranger: control.sh stop",
    result: stdout.trim().slice(0, 120),
    untouched: isRunning(stranger),
  };
  cronicle.configure({ primary: true });
  const { code } = await cronicle.control("start");
  const rewritten = await waitFor(() => readPid(cronicle.pidFile) !== stranger, { limitMs: 10_000 });
  cronicle.daemon = rewritten.ok ? readPid(cronicle.pidFile) : 0;
  const started = code === 0 ? "started" : `exit ${code}`;
  return [
    stopped,
    {
      step: "restart: control.sh start",
      result: `${started}; pid file rewritten: ${rewritten.ok}`,
      untouched: isRunning(stranger),
    },
  ];
}

/**
 * @param {Cronicle} cronicle
 * @param {number} stranger
 * @param {string} name
 */
async function detachedSteps(cronicle, stranger, name) {
  cronicle.detached = true;
  await cronicle.define([cronicle.session.sleeper(name, 300)]);
  await cronicle.start(name);
  await wait(2_500);
  const before = (await cronicle.list()).find((one) => one.name === name)?.pid ?? 0;
  await cronicle.control("stop");
  await cronicle.gone(15_000);
  cronicle.killProbesOf(name);
  await wait(1_500);
  kill(before);
  const kept = poisonJob(cronicle.folder, stranger);
  await cronicle.launch();
  await untilListed(cronicle);
  await wait(3_000);
  const after = (await cronicle.list()).find((one) => one.name === name);
  const said =
    after === undefined
      ? "job not listed as running"
      : `lists the job as running with the stranger's pid: ${after.pid === stranger}`;
  const restarted = {
    step: `job dead, its kept pid (${kept === before ? "of its runner" : kept}) now a stranger: restart`,
    result: said,
    untouched: isRunning(stranger),
  };
  if (after === undefined) return [restarted];
  await cronicle.stop(name).catch(() => undefined);
  await wait(1_500);
  return [
    restarted,
    { step: "stop that job (abort_job)", result: "accepted", untouched: isRunning(stranger) },
  ];
}

/**
 * @param {string} folder
 * @param {number} pid
 * @returns {number | null} the pid that was kept; null: none
 */
function poisonJob(folder, pid) {
  const queue = join(folder, "queue");
  for (const name of readdirSync(queue)) if (name.endsWith(".json")) rmSync(join(queue, name));
  const jobs = join(folder, "logs/jobs");
  const name = readdirSync(jobs).find((one) => one.endsWith("-detached.json"));
  if (name === undefined) return null;
  const job = JSON.parse(readFileSync(join(jobs, name), "utf8"));
  writeFileSync(join(jobs, name), JSON.stringify({ ...job, pid }));
  return job.pid;
}

/** @param {Cronicle} cronicle */
function untilListed(cronicle) {
  const answers = () =>
    cronicle.list().then(
      () => true,
      () => false,
    );
  return waitFor(answers, { everyMs: 200 });
}
