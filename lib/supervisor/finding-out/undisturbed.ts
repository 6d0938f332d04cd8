import { readdirSync } from "node:fs";
import { isDead } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched } from "../watch/watched";

/** The names of all exit records in one look; null when that fails, and each run is looked at by itself. */
export function recordedEnds(exitsFolder: string): ReadonlySet<string> | null {
  try {
    return new Set(readdirSync(exitsFolder));
  } catch {
    return null;
  }
}

/**
 * Whether a run goes on as it was: nothing is recorded of its end and its launcher lives and waits. With 200 runs this is the
 * answer 100 times a second, so it takes one look at one process and no promise; whatever else is found is left to `look`.
 * @param recorded what was recorded before this question: a record that comes meanwhile is found by the next
 */
export function isUndisturbed(
  { processes }: Pick<SupervisorPorts, "processes">,
  { run, tree, launcherExit, unsupervised }: Watched,
  recorded: ReadonlySet<string>,
): boolean {
  const { launcher, payload, group } = tree;
  if (run.state !== "running" || launcherExit !== null || unsupervised || recorded.has(run.id)) return false;
  // Something is still to be learnt of it.
  if (launcher === null || payload === null || group === undefined) return false;
  const found = processes.read(launcher.pid);
  // One that stands still may have to be woken.
  return found !== null && found.startTicks === launcher.startTicks && !isDead(found) && found.state !== "T";
}
