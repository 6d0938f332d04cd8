import { readdirSync } from "node:fs";
import { perRun } from "../files/per-run";
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

/** What a sweep has seen of all runs at once. */
export type Overview = {
  /** The ids of runs of whose end there is a record. One that comes meanwhile is found by the next sweep. */
  readonly recorded: ReadonlySet<string>;
  /** Whether runs are so many that not each launcher is read by itself every time. */
  readonly many: boolean;
  /** The processes that one has started, read once in a sweep: launchers have few parents. Some may be missing. */
  readonly children: (parent: number) => ReadonlySet<number>;
};

/** A launcher whose number is still there is looked at this often: whether it is the same one, and does not stand still. */
const LOOK_EVERY_MS = 20_000;
const lookedAt = perRun((_: Pick<Watched, "run">) => ({ at: Number.NEGATIVE_INFINITY, parent: 0 }));

/**
 * Whether a run goes on as it was: nothing is recorded of its end and its launcher lives and waits. With 1,000 runs this is the answer
 * 500 times a second, so most times it takes no look of its own, and never a promise; whatever else is found is left to `look`.
 */
export function isUndisturbed(
  { processes }: Pick<SupervisorPorts, "processes">,
  watched: Watched,
  { recorded, many, children }: Overview,
): boolean {
  const { run, tree, launcherExit, unsupervised } = watched;
  const { launcher, payload, group } = tree;
  if (run.state !== "running" || launcherExit !== null || unsupervised || recorded.has(run.id)) return false;
  // Something is still to be learnt of it.
  if (launcher === null || payload === null || group === undefined) return false;
  const last = lookedAt(watched);
  if (many && performance.now() - last.at < LOOK_EVERY_MS) {
    if (children(last.parent).has(launcher.pid)) return true;
    const isTaken = processes.isTaken(launcher.pid);
    if (isTaken !== null) return isTaken;
  }
  const found = processes.read(launcher.pid);
  // One that stands still may have to be woken.
  const waits =
    found !== null && found.startTicks === launcher.startTicks && !isDead(found) && found.state !== "T";
  last.at = waits ? performance.now() : Number.NEGATIVE_INFINITY;
  last.parent = found?.parent ?? 0;
  return waits;
}
