import { setTimeout as wait } from "node:timers/promises";
import { parseJobId, parseRunId, type RunId } from "@/lib/domain/ids";
import { isActive, type ProcessIdentity, type Run } from "@/lib/domain/run";
import type { Stray } from "@/lib/domain/stray";
import { newSlice } from "@/lib/turns";
import { canRecordExit, readClaim, runFiles } from "../files/run-files";
import { elsewhereIfSilent, homeOf } from "../folder/home";
import { membersAmong } from "../processes/members";
import type { ProcessInfo } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";
import type { Watchlist } from "../watch/watched";

/** A launcher whose run has just ended lives on for a moment. What is there after this is not just ending. */
const SECOND_LOOK_MS = 400;

type Marked = { readonly marker: string; readonly runId: RunId; readonly processes: readonly ProcessInfo[] };

/**
 * Everything on this host that was started out of this data folder and that no run owns, one for each marker. Two scans at
 * most; a process of another Unstuck is never among them.
 * @param once skips the second look, where they have just been shown
 */
export async function findStrays(ports: SupervisorPorts, list: Watchlist, once = false): Promise<Stray[]> {
  if (!once) {
    if ((await unowned(ports, list, await ports.processes.list())).length === 0) return [];
    await wait(SECOND_LOOK_MS);
  }
  const all = await ports.processes.list();
  const strays: Stray[] = [];
  for (const marked of await unowned(ports, list, all)) {
    const run = await ports.records.find(marked.runId);
    // Claimed this moment, and not on the watchlist yet.
    if (run !== null && isActive(run.state) && marked.marker === `${run.id}.${run.token}`) continue;
    const stray = toStray(ports, list, all, marked, run);
    if (stray !== null) strays.push(stray);
  }
  return strays.sort((a, b) => a.startedAt - b.startedAt || a.identity.pid - b.identity.pid);
}

async function unowned(
  ports: SupervisorPorts,
  list: Watchlist,
  all: readonly ProcessInfo[],
): Promise<Marked[]> {
  const owned = new Set([...list.values()].map(({ tree }) => tree.marker));
  const byMarker = new Map<string, ProcessInfo[]>();
  for (const info of all) {
    const marker = info.marker ?? null;
    if (marker === null || owned.has(marker) || info.pid === process.pid) continue;
    byMarker.set(marker, [...(byMarker.get(marker) ?? []), info]);
  }
  const found: Marked[] = [];
  const slice = newSlice();
  for (const [marker, processes] of byMarker) {
    const runId = parseRunId(marker.split(".")[0] ?? "");
    if (runId !== null && (await anyFromHere(ports, processes, runId)))
      found.push({ marker, runId, processes });
    if (slice.isOver()) await slice.next();
  }
  return found;
}

async function anyFromHere(
  ports: SupervisorPorts,
  processes: readonly ProcessInfo[],
  runId: RunId,
): Promise<boolean> {
  for (const { pid } of processes) {
    const home = await homeOf(ports, pid, runId, null).catch(elsewhereIfSilent);
    if (home === "here") return true;
  }
  return false;
}

function toStray(
  ports: SupervisorPorts,
  list: Watchlist,
  all: readonly ProcessInfo[],
  { marker, runId }: Marked,
  run: Run | null,
): Stray | null {
  const tree = { marker, launcher: null, payload: null, sessions: new Map<number, number>() };
  const members = membersAmong(all, ports.processes, tree)
    .filter((info) => !isWatched(list, info))
    .sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  const launcher = findLauncher(ports, members, runId, run);
  const program = members.find((info) => info.pid !== launcher?.pid) ?? members[0];
  const about = program === undefined ? null : ports.processes.describe(program.pid);
  if (program === undefined || about === null) return null;
  const files = runFiles(ports.paths.runs, ports.paths.exits, runId);
  return {
    identity: toIdentity(program),
    command: about.command,
    startedAt: ports.clock.wallTime(program.startTicks * ports.processes.tickMs),
    marker,
    runId,
    run,
    jobId: run?.jobId ?? jobOf(ports, members),
    members: members.map(toIdentity),
    launcher,
    exitWillBeKnown: launcher !== null && canRecordExit(files),
    ending: false,
  };
}

/** A program that cleared its environment is known to its run by identity alone. */
function isWatched(list: Watchlist, info: ProcessInfo): boolean {
  for (const { tree } of list.values())
    for (const identity of [tree.launcher, tree.payload])
      if (identity?.pid === info.pid && identity.startTicks === info.startTicks) return true;
  return false;
}

/** By its claim, by the run's row, or by its command line, which names the run's folder. */
function findLauncher(
  { processes, paths }: SupervisorPorts,
  members: readonly ProcessInfo[],
  runId: RunId,
  run: Run | null,
): ProcessIdentity | null {
  const files = runFiles(paths.runs, paths.exits, runId);
  const claim = readClaim(files);
  const named = [claim?.by === "launcher" ? claim.identity : null, run?.launcher ?? null];
  const known = members.find((info) =>
    named.some((identity) => identity?.pid === info.pid && identity.startTicks === info.startTicks),
  );
  const found =
    known ??
    members.find(
      ({ pid, session }) =>
        pid === session && isLauncherCommand(processes.describe(pid)?.command ?? "", files.folder),
    );
  return found === undefined ? null : toIdentity(found);
}

function isLauncherCommand(command: string, folder: string): boolean {
  return command.startsWith("/bin/sh ") && command.includes(` ${folder} `);
}

function jobOf({ processes }: SupervisorPorts, members: readonly ProcessInfo[]) {
  for (const { pid } of members) {
    const job = processes.variable(pid, "UNSTUCK_JOB");
    if (job !== null) return parseJobId(job);
  }
  return null;
}

function toIdentity({ pid, startTicks }: ProcessInfo): ProcessIdentity {
  return { pid, startTicks };
}
