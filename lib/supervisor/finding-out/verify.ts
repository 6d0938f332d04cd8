import { setTimeout as wait } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import { isFinal } from "@/lib/domain/run";
import { readExitRecord } from "../files/run-files";
import { isAlive } from "../processes/processes";
import type { Duty } from "../watch/duty";
import { isEnding, isLaunching } from "../watch/phase";
import { learnTree, type Watched } from "../watch/watched";
import { look } from "./look";

/** A launcher that is just writing its record, or leftovers that are just being ended, are waited for this long. */
const AT_MOST_MS = 8_000;
const AGAIN_MS = 20;
/** A run that was claimed this moment is not watched yet. */
const UNWATCHED_MS = 1_000;

/**
 * Looks at the real process of a run, now, instead of believing its row, and writes its end if it is over.
 * @returns whether it is over
 * @throws AppError RUN_NOT_RECOVERED
 */
export async function verify(duty: Duty, runId: RunId): Promise<boolean> {
  await duty.recovering.settle(runId);
  const run = await duty.ports.records.find(runId);
  if (run === null || isFinal(run.state)) return true;
  // Whether another worker's run is over, only that worker can say.
  if (run.state === "queued" || run.workerId !== duty.ports.workerId) return false;
  const watched = await watchedSoon(duty, runId);
  if (watched === null) return duty.abort.aborted ? false : foundOut(duty, runId);
  if (isLaunching(watched) || isEnding(watched)) return false;
  if (watched.run.state === "starting") return foundOut(duty, runId);
  if (watched.run.state !== "running") {
    duty.takeUp(watched);
    return false;
  }
  return lookUntilKnown(duty, watched);
}

async function watchedSoon(duty: Duty, runId: RunId): Promise<Watched | null> {
  const deadline = performance.now() + UNWATCHED_MS;
  for (;;) {
    const watched = duty.list.get(runId);
    if (watched !== undefined) return watched;
    if (performance.now() > deadline || duty.abort.aborted) return null;
    await wait(AGAIN_MS);
  }
}

async function foundOut(duty: Duty, runId: RunId): Promise<boolean> {
  await duty.recovering.findOut(runId);
  const fresh = await duty.ports.records.find(runId);
  return fresh === null || isFinal(fresh.state);
}

async function lookUntilKnown(duty: Duty, watched: Watched): Promise<boolean> {
  const deadline = performance.now() + AT_MOST_MS;
  while (performance.now() < deadline && !duty.abort.aborted) {
    if (!seemsOver(duty, watched)) return false;
    await look(duty.ports, duty.list, watched, duty.abort);
    if (duty.list.get(watched.run.id) !== watched) {
      duty.claimQueued();
      return true;
    }
    if (watched.unsupervised || isEnding(watched)) return false;
    await wait(AGAIN_MS);
  }
  return false;
}

/** Its program, its launcher or both are gone. */
function seemsOver({ ports }: Duty, watched: Watched): boolean {
  learnTree(watched);
  const { launcher, payload } = watched.tree;
  const gone = (identity: typeof launcher) => identity !== null && !isAlive(ports.processes, identity);
  return gone(payload) || gone(launcher) || readExitRecord(watched.files) !== null;
}
