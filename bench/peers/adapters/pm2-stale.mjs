import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../rig/processes.mjs";
import { kill, readPid } from "../programs.mjs";

/**
 * PM2's own pid file and those that it keeps of its jobs.
 * @param {import("./pm2.mjs").Pm2} pm2
 * @param {import("./adapter.mjs").StaleCase} what
 * @returns {Promise<import("./adapter.mjs").StaleStep[]>}
 */
export async function staleSteps(pm2, { stranger, job }) {
  await pm2.persist();
  await pm2.crash();
  for (const { name, pid } of pm2.session.probes()) if (name === job) kill(pid);
  const folder = join(pm2.home, "pids");
  const files = ["pm2.pid", ...readdirSync(folder).map((name) => `pids/${name}`)];
  poison(pm2.home, files, stranger);
  const { code } = await pm2.cli(["kill"]);
  const killed = {
    step: `daemon dead, ${files.join(", ")} name a stranger: pm2 kill`,
    result: `exit ${code}`,
    untouched: isRunning(stranger),
  };
  mkdirSync(folder, { recursive: true });
  poison(pm2.home, files, stranger);
  await pm2.recover();
  return [killed, await afterRestart(pm2, stranger), await afterStop(pm2, { stranger, job })];
}

/**
 * @param {string} home
 * @param {readonly string[]} files
 * @param {number} pid
 */
function poison(home, files, pid) {
  for (const file of files) writeFileSync(join(home, file), String(pid));
}

/**
 * @param {import("./pm2.mjs").Pm2} pm2
 * @param {number} stranger
 */
async function afterRestart(pm2, stranger) {
  const jobs = await pm2.list();
  const said = jobs.map(({ state, pid }) => `${state} (own new pid: ${pid !== stranger})`);
  return {
    step: "restart: pm2 resurrect",
    result: `job state ${said.join(", ") || "none"}; pm2.pid rewritten: ${readPid(pm2.pidFile) !== stranger}`,
    untouched: isRunning(stranger),
  };
}

/**
 * @param {import("./pm2.mjs").Pm2} pm2
 * @param {import("./adapter.mjs").StaleCase} what
 */
async function afterStop(pm2, { stranger, job }) {
  await pm2.stop(job).catch(() => undefined);
  return { step: "stop the job", result: "done", untouched: isRunning(stranger) };
}
