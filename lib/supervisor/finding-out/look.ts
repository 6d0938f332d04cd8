import { setTimeout as wait } from "node:timers/promises";
import { groupInhabited, killAll } from "../ending/end-tree";
import { finish, lost } from "../ending/finish";
import { EMPTY_SCANS } from "../ending/kill-until-gone";
import { leftBehindOf } from "../ending/left-behind";
import { tellNews, waitForNews } from "../ending/news";
import { wakeLauncher } from "../ending/wake-launcher";
import { readExitRecord } from "../files/run-files";
import { findMembers } from "../processes/members";
import { isAlive, type ProcessInfo, seeWhole } from "../processes/processes";
import { signalProcess } from "../processes/signal";
import { begin, end, isEnding } from "../watch/phase";
import type { SupervisorPorts } from "../watch/ports";
import { learnTree, programEnded, type Watched, type Watchlist } from "../watch/watched";
import { wasMoved } from "./recover";

/** How long a program's leftover children may take to end after it has ended by itself. */
const LEFTOVER_GRACE_MS = 5_000;
const LEFTOVER_LOOK_MS = 100;
const BETWEEN_SCANS_MS = 20;
/** From its record to its end: it may be stopped, or wait for a tool that hangs. */
const LAUNCHER_ENDS_WITHIN_MS = 250;
const LAUNCHER_LOOK_MS = 2;

/**
 * Looks whether a run has ended by itself, and writes its end if so. Called from the launcher's exit event, from the watch
 * on the exits folder and from the sweep, in any order and as often as one likes.
 */
export async function look(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
  abort: AbortSignal,
): Promise<void> {
  // Three callers; one that comes after the end was written finds the run off the list.
  if (abort.aborted || list.get(watched.run.id) !== watched) return;
  // Being launched, looked at or ended, it is taken care of already.
  if (watched.phase !== "resting") return tellNews(watched);
  // A run that is being stopped is ended by that alone: only there is it known whether a signal of ours came first.
  if (watched.run.state !== "running") return;
  learnTree(watched);
  // Order matters: a launcher writes its record before it goes, so "gone" is asked first and the record after it.
  const launcherGone = watched.tree.launcher === null || !isAlive(ports.processes, watched.tree.launcher);
  if (!launcherGone && readExitRecord(watched.files) === null) {
    wakeLauncher(ports.processes, watched.tree);
    return;
  }
  if (!begin(watched, "look")) return;
  try {
    if (programEnded(watched)) await endedByItself(ports, list, watched, abort);
    else await launcherKilled(ports, list, watched);
  } finally {
    end(watched, "look");
  }
}

/** The program is over, so the run is; but what it left behind would run beside the next one. It is ended first. */
async function endedByItself(
  ports: SupervisorPorts,
  list: Watchlist,
  watched: Watched,
  abort: AbortSignal,
): Promise<void> {
  await untilLauncherGone(ports, watched, abort);
  const leftovers = leftByProgram(watched, await leftOver(ports, watched));
  if (leftovers.length > 0 || groupInhabited(watched)) {
    const commands = commandsOf(ports, leftovers);
    leftBehindOf(watched).commands = commands;
    const pids = leftovers.map((info) => info.pid);
    await ports.records.note(watched.run.id, "leftovers", { pids, commands });
    for (const info of leftovers) signalProcess(ports.processes, info, "SIGTERM");
    await untilNoneLeft(ports, watched, abort);
    await killAll(ports, watched, "leftovers", abort);
    if (abort.aborted) return;
  }
  if (isEnding(watched)) return;
  await finish(ports, list, watched, true, lost("exit_unknown"));
}

/** Its record is the last thing a launcher does, so it ends now; and with it gone, whatever is found was left by its program. */
async function untilLauncherGone(
  { processes }: SupervisorPorts,
  watched: Watched,
  abort: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + LAUNCHER_ENDS_WITHIN_MS;
  const { launcher } = watched.tree;
  while (launcher !== null && isAlive(processes, launcher) && performance.now() < deadline && !abort.aborted)
    await waitForNews(watched, LAUNCHER_LOOK_MS);
}

/**
 * The record of an end may be seen while the launcher's own mv(1) is still exiting. No process below the launcher
 * is the program's by then: what that left behind has got another parent.
 */
function leftByProgram(
  { tree: { launcher } }: Watched,
  members: readonly ProcessInfo[],
): readonly ProcessInfo[] {
  // It may have ended since the scan. A member that has its number would be another that was given it since.
  if (launcher === null || members.some(({ pid }) => pid === launcher.pid)) return members;
  const own = new Set([launcher.pid]);
  for (let known = 0; known < own.size; ) {
    known = own.size;
    for (const { pid, parent } of members) if (own.has(parent)) own.add(pid);
  }
  return members.filter(({ pid }) => !own.has(pid));
}

/** Of those that are still there to be asked. */
export function commandsOf({ processes }: SupervisorPorts, members: readonly ProcessInfo[]): string[] {
  return members.flatMap(({ pid }) => processes.describe(pid)?.command ?? []);
}

/**
 * Without a cgroup, whose word can be taken, one scan may miss a program that forks and ends all the time: unless nothing at all was started while it
 * was made.
 */
async function leftOver(ports: SupervisorPorts, watched: Watched): Promise<ProcessInfo[]> {
  for (let scansLeft = watched.tree.group == null ? EMPTY_SCANS : 1; ; ) {
    const { seen, whole } = await seeWhole(ports.processes, () => findMembers(ports.processes, watched.tree));
    scansLeft -= 1;
    if (seen.length > 0 || whole || scansLeft === 0) return seen;
    await wait(BETWEEN_SCANS_MS);
  }
}

async function untilNoneLeft(ports: SupervisorPorts, watched: Watched, abort: AbortSignal): Promise<void> {
  const deadline = performance.now() + LEFTOVER_GRACE_MS;
  while (performance.now() < deadline && !abort.aborted) {
    if ((await leftOver(ports, watched)).length === 0 && !groupInhabited(watched)) return;
    await wait(LEFTOVER_LOOK_MS);
  }
}

/**
 * The launcher was killed. While its program lives the run runs, unsupervised: its exit code will not be
 * known.
 */
async function launcherKilled(ports: SupervisorPorts, list: Watchlist, watched: Watched): Promise<void> {
  const members = await leftOver(ports, watched);
  if (members.length === 0 && !groupInhabited(watched)) {
    // Of an adopted run it cannot be known whether its launcher was killed or had no place left to write to.
    const cause =
      watched.run.spec.adopted === null && !wasMoved(watched) ? "launcher_killed" : "exit_unknown";
    return finish(ports, list, watched, true, lost(cause));
  }
  if (watched.unsupervised) return;
  watched.unsupervised = true;
  ports.log.warn({ runId: watched.run.id, members: members.length }, "run.unsupervised");
  await ports.records.note(watched.run.id, "unsupervised", { pids: members.map((info) => info.pid) });
}
