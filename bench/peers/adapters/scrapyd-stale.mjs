import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../rig/processes.mjs";
import { messageOf } from "../programs.mjs";

/**
 * The one pid that is kept: twistd's own.
 * @param {import("./scrapyd.mjs").Scrapyd} scrapyd
 * @param {import("./adapter.mjs").StaleCase} what
 * @returns {Promise<import("./adapter.mjs").StaleStep[]>}
 */
export async function staleSteps(scrapyd, { stranger, job }) {
  const file = join(scrapyd.session.home, "twistd.pid");
  const had = existsSync(file);
  await scrapyd.crash();
  scrapyd.killProbesOf(job);
  writeFileSync(file, String(stranger));
  const result = await scrapyd.launch().then(
    () => "started",
    (error) => `refuses to start: ${messageOf(error)}`,
  );
  return [
    { step: "files with a pid after kill -9", result: had ? "twistd.pid" : "none", untouched: true },
    { step: "twistd.pid names a stranger: restart", result, untouched: isRunning(stranger) },
  ];
}
