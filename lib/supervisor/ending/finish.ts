import { setTimeout as wait } from "node:timers/promises";
import { exitFromStatus } from "@/lib/domain/exit";
import { type LostCause, type Run, startedAs } from "@/lib/domain/run";
import type { RunEvent } from "@/lib/domain/transition";
import type { KindEnd } from "@/lib/kinds/kind";
import { faultPoint } from "../files/fault";
import { laterRemoval } from "../files/removal";
import { putAway, readExitRecord, readFolder } from "../files/run-files";
import { removeUserFolder, userOf } from "../files/user-folders";
import { removeGroup } from "../host/group";
import { hostUnits } from "../host/units";
import { lookAtCheckpoint } from "../life/look-at-checkpoints";
import { lookForLife } from "../life/look-for-life";
import { lifeSigns } from "../life/save-life";
import { capOf } from "../log/cap-state";
import { readLogTail } from "../log/log-tail";
import { keepCap } from "../log-upkeep/keep-cap";
import { drained } from "../log-upkeep/log-pipe";
import { releasePidFile } from "../pid-file/keep-pid-file";
import { closeUsage, takeSample, usageOf } from "../usage/run-usage";
import { LAUNCHER_GAVE_UP } from "../watch/launched";
import { groupOf } from "../watch/limits";
import type { SupervisorPorts } from "../watch/ports";
import type { Watched, Watchlist } from "../watch/watched";
import { withHostEvidence } from "./end-evidence";
import { readKindEnd } from "./kind-end";
import { lastWordsOf } from "./last-words";
import { leftBehindOf } from "./left-behind";
import { outOfMemory } from "./out-of-memory";

/**
 * Writes the end of a run of which nothing is left, and forgets it.
 * @param fallback what to say when there is neither a record nor an exit status
 */
export async function finish(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
  beforeSignal: boolean,
  fallback: RunEvent,
): Promise<void> {
  faultPoint("before-finalise");
  await drained(ports, watched);
  lookForLife(ports, watched, true);
  await lookAtCheckpoint(ports, watched);
  // A look that is under way may have begun before the last lines were written.
  await capOf(watched).look;
  await keepCap(ports, watched, true);
  // Before the locks go: afterwards the file may be the next run's.
  await releasePidFile(ports, list, watched);
  const tail = await readLogTail(ports.logFile(watched.run), watched.run.spec.logEncoding);
  const read = await readKindEnd(ports, watched, tail);
  const lastWords = await lastWordsOf(ports, watched, tail);
  const end = { ...read, reason: await withHostEvidence(ports, watched, read.reason, lastWords) };
  const left = beforeSignal ? await leftBehind(ports, watched) : [];
  const event = exitEvent(ports, watched, beforeSignal, end, left) ?? fallback;
  // Asked for in one turn, so written in one transaction. An end is not held up by the last of its figures.
  const usageSaved = saveUsage(ports, watched).catch((error: unknown) => {
    ports.log.warn({ runId: watched.run.id, error: String(error) }, "run.usage_unsaved");
  });
  const applied = ports.records.apply(watched.run.id, event, {
    ...lifeSigns(watched),
    lastWords,
    // Its start may never have reached the row, and the file goes with the run's folder.
    realCwd: watched.run.realCwd ?? readFolder(watched.files),
  });
  const [change] = await Promise.all([applied, usageSaved]);
  if (change.ok) {
    const { id, state, cause, exitCode, signal } = change.run;
    ports.log.info({ runId: id, state, cause, exitCode, signal }, "run.ended");
  }
  list.delete(watched.run.id);
  void clearAway(ports, watched);
  if (change.ok) ports.onEnded(change.run, ranMs(watched, change.run));
}

/** One that was taken over may have ended long before anybody looked: then the shorter of two clocks counts. */
function ranMs(watched: Watched, { startedAt, endedAt }: Run): number {
  const byMonotonic = performance.now() - watched.startedAt;
  if (!watched.adopted || startedAt === null || endedAt === null) return byMonotonic;
  return Math.min(byMonotonic, endedAt - startedAt);
}

/** What it used to its very end. */
async function saveUsage(ports: SupervisorPorts, watched: Watched): Promise<void> {
  const { run, tree, files } = watched;
  const usage = usageOf(watched);
  closeUsage(usage, tree.group ?? null, readExitRecord(files)?.ticks ?? 0, hostUnits().msPerTick);
  const sample = takeSample(run.id, usage);
  const { cpuMs, peakBytes } = usage;
  if (sample !== null) await ports.records.saveUsage([{ ...sample, cpuMs: cpuMs ?? sample.cpuMs }]);
  else if (cpuMs !== null || peakBytes !== null)
    await ports.records.saveUsageTotals(run.id, { cpuMs, peakBytes });
}

const removal = laterRemoval();

/** When all runs end with the dashboard, nearly all folders wait; those that are left the next dashboard removes. */
const REMOVAL_MS = 1_000;

/** Removes the folders of ended runs that still wait for it, as far as it can in a second. */
export async function finishRemoval(): Promise<void> {
  const late = new AbortController();
  await Promise.race([
    removal.finish(),
    wait(REMOVAL_MS, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
}

/** The end is written; files that cannot be removed now are by the next start (tidy.ts), and keep nothing from going on. */
async function clearAway(ports: SupervisorPorts, { run, files, tree }: Watched): Promise<void> {
  try {
    // One whose launch failed was never told.
    const group = tree.group === undefined ? groupOf(files) : tree.group;
    if (group != null) void removeGroup(group);
    const user = userOf(run, ports.files);
    // What a program has left there to be in the way is not in the way of our own.
    if (user !== null) await clearUsers(ports, user, run);
    await removal.remove(putAway(files));
  } catch (error) {
    ports.log.warn({ runId: run.id, error: String(error) }, "run.files_left");
  }
}

async function clearUsers({ paths, files, log }: SupervisorPorts, user: string, run: Run): Promise<void> {
  await removeUserFolder(paths, files, user, startedAs(run)).catch((error: unknown) =>
    log.warn({ runId: run.id, runAs: user, error: String(error) }, "run.files_left"),
  );
}

/** The dashboard that ended it may not be the one that writes the end. */
async function leftBehind({ records }: SupervisorPorts, watched: Watched): Promise<readonly string[]> {
  const { commands } = leftBehindOf(watched);
  if (commands !== null || !watched.adopted) return commands ?? [];
  return (await records.signalsSent(watched.run.id)).leftBehind;
}

function exitEvent(
  ports: SupervisorPorts,
  watched: Watched,
  beforeSignal: boolean,
  { outcome, reason }: KindEnd,
  left: readonly string[],
): RunEvent | null {
  const exited = (status: number | null, endedAt: number): RunEvent => ({
    type: "exited",
    exit: status === null ? { code: null, signal: null } : exitFromStatus(status),
    endedAt,
    outcome,
    ...(reason === null ? {} : { outcomeReason: reason }),
    beforeSignal,
    ...(left.length === 0 ? {} : { leftBehind: left }),
    ...outOfMemory(watched),
  });
  const record = readExitRecord(watched.files);
  if (record !== null) return exited(record.status, record.endedAt);
  const code = watched.launcherExit?.code ?? null;
  return code === null || code === LAUNCHER_GAVE_UP ? null : exited(code, ports.now());
}

const LOST_REASON = {
  never_started:
    "The dashboard ended between the decision to start it and its launch. Nothing of it ever ran.",
  host_rebooted: "The host was restarted while it ran.",
  container_gone: "The container it ran in is gone; its processes went with it.",
  launcher_killed:
    "Its launcher was killed from outside and none of its processes is left, so its exit code is not known.",
  other_folder:
    "Its process lives on under the data folder that this one was copied from, and is watched there. Here it is over.",
  exit_unknown: "Its processes are gone and its exit code is not known.",
} as const satisfies Record<LostCause, string>;

export function lost(cause: LostCause, endedAt: number | null = null): RunEvent {
  return { type: "lost", cause, reason: LOST_REASON[cause], endedAt };
}
