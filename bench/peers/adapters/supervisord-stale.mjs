import { writeFileSync } from "node:fs";
import { isRunning } from "../../rig/processes.mjs";
import { messageOf, readPid } from "../programs.mjs";

/**
 * The one pid that it keeps: its own.
 * @param {import("./supervisord.mjs").Supervisord} supervisord
 * @param {import("./adapter.mjs").StaleCase} what
 * @returns {Promise<import("./adapter.mjs").StaleStep[]>}
 */
export async function staleSteps(supervisord, { stranger }) {
  await supervisord.crash();
  writeFileSync(supervisord.pidFile, String(stranger));
  const { output } = await supervisord.ctl(["shutdown"]);
  const ended = {
    step: "daemon dead, pid file names a stranger: supervisorctl shutdown",
    result: output.trim().slice(0, 120),
    untouched: isRunning(stranger),
  };
  const started = await supervisord.launch().then(() => "started", messageOf);
  const rewritten = readPid(supervisord.pidFile) === supervisord.daemon;
  const restarted = {
    step: "restart: supervisord -c FILE",
    result: `${started}; pid file rewritten: ${rewritten}`,
    untouched: isRunning(stranger),
  };
  return [ended, restarted];
}
