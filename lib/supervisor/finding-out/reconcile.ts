import type { RunId } from "@/lib/domain/ids";
import { isActive, type Run } from "@/lib/domain/run";
import type { Duty } from "../watch/duty";
import { watch } from "../watch/watched";

/**
 * The database is what was promised, the watchlist what is being done about it. Where a write or a nudge has failed they part;
 * a run that is found so twice in a row is taken up again, and queued runs get another chance to start.
 * @returns one comparison
 */
export function reconciler(duty: Duty): () => Promise<void> {
  let doubted: ReadonlySet<RunId> = new Set();
  return async function reconcile(): Promise<void> {
    const unfinished = await duty.ports.records.listUnfinishedStates();
    const doubtful = unfinished.filter((run) => !isCaredFor(duty, run));
    for (const { id } of doubtful) {
      if (doubted.has(id) && !duty.abort.aborted)
        await duty.tasks.run("reconcile", () => takeUpAgain(duty, id));
    }
    doubted = new Set(doubtful.map((run) => run.id));
    duty.claimQueued();
  };
}

function isCaredFor(duty: Duty, run: Pick<Run, "id" | "state">): boolean {
  if (duty.recovering.find(run.id) !== null) return true;
  const watched = duty.list.get(run.id);
  if (watched === undefined) return false;
  if (watched.phase !== "resting") return true;
  return run.state !== "starting" && watched.run.state === run.state;
}

async function takeUpAgain(duty: Duty, id: RunId): Promise<void> {
  const run = await duty.ports.records.find(id);
  // What has moved on since the comparison is being taken care of, or is over.
  if (run === null || !isActive(run.state) || run.state === "queued" || isCaredFor(duty, run)) return;
  duty.ports.log.warn({ runId: run.id, state: run.state }, "run.taken_up_again");
  // One that is watched is only behind; of any other it has to be found out what became of it.
  if (duty.list.has(run.id) && run.state !== "starting")
    return duty.takeUp(watch(duty.ports, duty.list, run));
  await duty.recovering.take(run.id);
}
