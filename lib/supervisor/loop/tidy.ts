import { readdirSync } from "node:fs";
import { parseRunId } from "@/lib/domain/ids";
import { isFinal } from "@/lib/domain/run";
import { ENDED, removeRunFiles, runFiles } from "../files/run-files";
import { removeUserFolder, userOf } from "../files/user-folders";
import type { SupervisorPorts } from "../watch/ports";
import type { Watchlist } from "../watch/watched";

/**
 * Removes what a dashboard left behind that died between writing a run's end and removing its files. Files of runs the
 * database does not know stay: they may belong to a backup that is not back yet.
 */
export async function tidy(ports: SupervisorPorts, list: Watchlist): Promise<void> {
  const names = new Set([...readdirSync(ports.paths.runs), ...readdirSync(ports.paths.exits)]);
  for (const name of names) {
    try {
      await tidyOne(ports, list, name);
    } catch (error) {
      ports.log.warn({ name, error: String(error) }, "run.files_left");
    }
  }
}

async function tidyOne(ports: SupervisorPorts, list: Watchlist, name: string): Promise<void> {
  const runId = parseRunId(name.endsWith(ENDED) ? name.slice(0, -ENDED.length) : name);
  const run = runId === null ? null : await ports.records.find(runId);
  if (run === null || !isFinal(run.state)) return;
  const files = runFiles(ports.paths.runs, ports.paths.exits, run.id);
  // A run that was adopted goes on using the files of the one it was started as.
  const inUse = [...list.values()].some((watched) => watched.files.folder === files.folder);
  if (inUse) return;
  const user = userOf(run, ports.files);
  if (user !== null) await removeUserFolder(ports.paths, ports.files, user, run.id);
  await removeRunFiles(files);
}
