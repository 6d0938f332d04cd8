import type { Files, Look } from "@/lib/domain/files";
import { perRun } from "../files/per-run";
import { checkpointChangedBelow, takeLook, walkIsDue } from "../traces/checkpoint-changes";
import type { LifeSaver } from "../watch/duty";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched, Watchlist } from "../watch/watched";
import { isTimeToLook } from "./how-often";
import { takeProgressFiles } from "./kind-progress";
import { takeWait } from "./kind-wait";
import { checkpointOf, countSilenceAnew, lifeOf } from "./life";
import { lookForLife } from "./look-for-life";
import { spoke } from "./signs";

/** Monotonic time of the last look from outside. */
const lookedAt = perRun((_: Watched) => ({ at: Number.NEGATIVE_INFINITY }));

/** What it needs of the duty it is part of. */
type Basis = {
  readonly ports: SupervisorPorts;
  readonly list: Watchlist;
  readonly life: LifeSaver;
  readonly abort: AbortSignal;
};

/** So much of the time between two sweeps is spent on walks at most, however many folders there are. */
const WALKS_MS = 100;

/**
 * Looks at the checkpoints of all runs, and below those whose turn it is. They may be on a mount that does
 * not answer, so callers do not wait for it: a sweep that comes meanwhile finds what was seen last.
 * @returns one round; nothing while one is under way
 */
export function checkpointLooker(duty: Basis): () => void {
  let looking = false;
  return function lookAtCheckpoints(): void {
    if (looking) return;
    looking = true;
    // Not one of the tasks that a shutdown waits for.
    void lookAtAll(duty)
      .catch((error: unknown) => duty.ports.log.error({ error: String(error) }, "checkpoints.not_looked_at"))
      .finally(() => {
        looking = false;
      });
  };
}

async function lookAtAll({ ports, list, life, abort }: Basis): Promise<void> {
  const all = [...list.values()].filter((watched) => checkpointOf(watched).path !== null);
  if (all.length === 0) return;
  await lookAtEach(ports, all.filter(isDue), abort);
  if (abort.aborted) return;
  await walkBelow(ports, all);
  if (all.some((watched) => lifeOf(watched).urgent)) life.soon();
}

/** One that does not answer is asked again each time. */
function isDue(watched: Watched): boolean {
  const { looked, unanswered } = checkpointOf(watched);
  return !looked || unanswered !== null || isTimeToLook(watched, lookedAt(watched).at);
}

async function lookAtEach(
  ports: SupervisorPorts,
  due: readonly Watched[],
  abort: AbortSignal,
): Promise<void> {
  if (due.length === 0) return;
  const now = performance.now();
  const users = new Set(due.map(({ run }) => run.spec.runAs));
  // Each user's apart: what one of them holds up is no other's.
  await Promise.all(
    [...users].map(async (user) => {
      const its = due.filter(({ run }) => run.spec.runAs === user);
      const paths = its.map((watched) => checkpointOf(watched).path ?? "");
      const found = await ports.files.as(user).survey(paths);
      if (abort.aborted) return;
      for (const [at, watched] of its.entries()) {
        lookedAt(watched).at = now;
        take(ports, watched, found[at] ?? null);
      }
    }),
  );
}

/** Those waiting longest first. */
async function walkBelow(ports: SupervisorPorts, list: readonly Watched[]): Promise<void> {
  const due = list.filter((watched) => walkIsDue(checkpointOf(watched)));
  due.sort((a, b) => checkpointOf(a).walkedAt - checkpointOf(b).walkedAt);
  const began = performance.now();
  for (const watched of due) {
    if (performance.now() - began > WALKS_MS) return;
    await lookBelow(ports, watched);
  }
}

function filesOf({ files }: SupervisorPorts, { run }: Watched): Files {
  return files.as(run.spec.runAs);
}

/** Before a run is called silent, everything is looked at once more, the depths of its checkpoint too. */
export async function lookClosely(ports: SupervisorPorts, watched: Watched): Promise<void> {
  lookForLife(ports, watched);
  await lookAtCheckpoint(ports, watched);
  await lookBelow(ports, watched);
}

/** Never throws. */
export async function lookAtCheckpoint(ports: SupervisorPorts, watched: Watched): Promise<void> {
  const { path } = checkpointOf(watched);
  if (path === null) return;
  const [found = null] = await filesOf(ports, watched).survey([path]);
  take(ports, watched, found);
}

function take(ports: SupervisorPorts, watched: Watched, found: Look | null | Error): void {
  const seen = takeLook(checkpointOf(watched), found, ports.now());
  if (seen === "changed") spoke(watched, "checkpoint", ports.now());
  // While nothing could be seen its silence was not its own: it is counted from zero.
  if (seen === "again") countSilenceAnew(watched);
}

async function lookBelow(ports: SupervisorPorts, watched: Watched): Promise<void> {
  const files = filesOf(ports, watched);
  await takeProgressFiles(files, watched);
  await takeWait(files, watched, ports.now());
  if (await checkpointChangedBelow(files, checkpointOf(watched))) spoke(watched, "checkpoint", ports.now());
}
