import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parseRunId } from "@/lib/domain/ids";
import { isFinal } from "@/lib/domain/run";
import { userRunFolder } from "@/lib/domain/user-folders";
import { ENDED, type RunFiles, removeRunFiles, runFiles } from "../files/run-files";
import { removeUserFolder } from "../files/user-folders";
import type { SupervisorPorts } from "../watch/ports";
import type { Watchlist } from "../watch/watched";

/**
 * Removes what a dashboard left behind that died between writing a run's end and removing its files. Files of runs the
 * database does not know stay: they may belong to a backup that is not back yet.
 */
export async function tidy(ports: SupervisorPorts, list: Watchlist): Promise<void> {
  const { runs, exits, runAs } = ports.paths;
  for (const name of new Set([...namesIn(runs), ...namesIn(exits)]))
    await tidyOne(ports, list, name, removeRunFiles);
  for (const user of namesIn(runAs))
    for (const name of namesIn(dirname(userRunFolder({ runAs }, user, "-"))))
      await tidyOne(ports, list, name, ({ folder }) =>
        removeUserFolder(ports.paths, ports.files, user, basename(folder)),
      );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function tidyOne(
  ports: SupervisorPorts,
  list: Watchlist,
  name: string,
  remove: (files: RunFiles) => Promise<void>,
): Promise<void> {
  try {
    const runId = parseRunId(name.endsWith(ENDED) ? name.slice(0, -ENDED.length) : name);
    const run = runId === null ? null : await ports.records.find(runId);
    if (run === null || !isFinal(run.state)) return;
    const files = runFiles(ports.paths.runs, ports.paths.exits, run.id);
    // A run that was adopted goes on using the files of the one it was started as.
    if ([...list.values()].some((watched) => watched.files.folder === files.folder)) return;
    await remove(files);
  } catch (error) {
    ports.log.warn({ name, error: String(error) }, "run.files_left");
  }
}
