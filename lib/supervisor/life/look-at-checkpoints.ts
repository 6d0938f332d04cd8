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
 * @returns one round for each user; nothing for those of whom one is under way, since what one of them holds up is no other's
 */
export function checkpointLooker(duty: Basis): () => void {
  const looking = new Set<string | null>();
  return function lookAtCheckpoints(): void {
    const all = [...duty.list.values()].filter((watched) => checkpointOf(watched).path !== null);
    for (const user of new Set(all.map(({ run }) => run.spec.runAs))) {
      if (looking.has(user)) continue;
      looking.add(user);
      const its = all.filter(({ run }) => run.spec.runAs === user);
      // Not one of the tasks that a shutdown waits for.
      void lookAtAll(duty, user, its)
        .catch((error: unknown) =>
          duty.ports.log.error({ error: String(error) }, "checkpoints.not_looked_at"),
        )
        .finally(() => looking.delete(user));
    }
  };
}

async function lookAtAll(
  { ports, life, abort }: Basis,
  user: string | null,
  its: readonly Watched[],
): Promise<void> {
  await lookAtEach(ports.files.as(user), ports, its.filter(isDue), abort);
  if (abort.aborted) return;
  await walkBelow(ports, its);
  if (its.some((watched) => lifeOf(watched).urgent)) life.soon();
}

/** One that does not answer is asked again each time. */
function isDue(watched: Watched): boolean {
  const { looked, unanswered } = checkpointOf(watched);
  return !looked || unanswered !== null || isTimeToLook(watched, lookedAt(watched).at);
}

async function lookAtEach(
  files: Files,
  ports: SupervisorPorts,
  due: readonly Watched[],
  abort: AbortSignal,
): Promise<void> {
  if (due.length === 0) return;
  const now = performance.now();
  const found = await files.survey(due.map((watched) => checkpointOf(watched).path ?? ""));
  if (abort.aborted) return;
  for (const [at, watched] of due.entries()) {
    lookedAt(watched).at = now;
    take(ports, watched, found[at] ?? null);
  }
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
