import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { SupervisorPorts } from "../ports";
import type { ProcessInfo } from "../processes/processes";
import { signalProcess } from "../signal";
import type { Watchlist } from "../watched";
import { removePidFile } from "./pid-file";
import { seePidFile } from "./see-pid-file";

const LOOK_EVERY_MS = 250;
const KILL_EVERY_MS = 20;
const EMPTY_SCANS = 3;

export type ForeignEnding = {
  readonly identity: ProcessIdentity;
  readonly pidFile: string;
  readonly firstSignal: NodeJS.Signals;
  readonly graceMs: number;
};

/**
 * Ends a process that no run of ours has started, with everything that descends from it: asked first, killed after its
 * grace. Its session is not touched, because that may be a person's terminal.
 */
export async function endForeign(
  ports: SupervisorPorts,
  list: Watchlist,
  { identity, pidFile, firstSignal, graceMs }: ForeignEnding,
  abort: AbortSignal,
): Promise<void> {
  const tree = new Map([[identity.pid, identity]]);
  const deadline = performance.now() + graceMs;
  let asked = graceMs <= 0;
  for (let empty = 0; empty < EMPTY_SCANS && !abort.aborted; ) {
    const members = await findForeignMembers(ports, list, tree);
    empty = members.length === 0 ? empty + 1 : 0;
    const patient = performance.now() < deadline;
    if (!asked) signalAll(ports, members, firstSignal);
    else if (!patient) signalAll(ports, members, "SIGKILL");
    asked = true;
    await wait(patient ? LOOK_EVERY_MS : KILL_EVERY_MS);
  }
  if (abort.aborted) return;
  // Not if it has a new owner since: somebody may have started the program again.
  if (seePidFile(ports, list, pidFile).found === "stale") removePidFile(pidFile, identity.pid);
  ports.log.info({ pid: identity.pid, pidFile }, "foreign.ended");
}

/** SIGCONT after it: a stopped process would see the signal too late. */
function signalAll(ports: SupervisorPorts, members: readonly ProcessInfo[], signal: NodeJS.Signals): void {
  for (const member of members) {
    signalProcess(ports.processes, member, signal);
    if (signal !== "SIGKILL") signalProcess(ports.processes, member, "SIGCONT");
  }
}

/**
 * The process, its descendants, and descendants met earlier whose parent has gone since. Runs of ours that were started from
 * it (`unstuck exec` in a script) are not part of it: they are stopped as runs.
 */
async function findForeignMembers(
  ports: SupervisorPorts,
  list: Watchlist,
  tree: Map<number, ProcessIdentity>,
): Promise<ProcessInfo[]> {
  const all = (await ports.processes.list()).filter((info) => info.pid > 1 && info.pid !== process.pid);
  const markers = new Set([...list.values()].map((watched) => watched.tree.marker));
  const members = new Map<number, ProcessInfo>();
  for (const info of all) if (tree.get(info.pid)?.startTicks === info.startTicks) members.set(info.pid, info);
  for (let added = members.size > 0; added; ) {
    added = false;
    for (const info of all) {
      if (members.has(info.pid) || !members.has(info.parent)) continue;
      const marker = ports.processes.describe(info.pid)?.marker ?? null;
      if (marker !== null && markers.has(marker)) continue;
      members.set(info.pid, info);
      added = true;
    }
  }
  for (const { pid, startTicks } of members.values()) tree.set(pid, { pid, startTicks });
  return [...members.values()];
}
