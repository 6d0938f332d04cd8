import type { ProcessIdentity } from "@/lib/domain/run";
import type { SignalProfile } from "@/lib/domain/signal-profile";
import { graceOf, isAskedOnce, signalForOthers } from "@/lib/domain/signals";
import type { AskedRound, SignalsSent } from "@/lib/domain/signals-sent";
import { readClaim, readExitRecord, revoke } from "../files/run-files";
import { isInhabited } from "../host/group";
import { launcherAnswered } from "../launch/on-its-way";
import { findMembers } from "../processes/members";
import { isAlive, type ProcessInfo } from "../processes/processes";
import { refusedAmong } from "../processes/signal";
import type { SupervisorPorts } from "../watch/ports";
import { learnTree, programEnded, type Watched } from "../watch/watched";
import { type Asker, asker, type StopClock } from "./asking";
import { type KillHow, killUntilGone, releaseLauncher } from "./kill-until-gone";
import { leftBehindOf } from "./left-behind";
import { waitForNews } from "./news";
import { wakeLauncher } from "./wake-launcher";

const LOOK_EVERY_MS = 50;
const SCAN_EVERY_MS = 500;

export type Ending =
  /** No process of the run is left. `beforeSignal`: it had ended before our first signal. */
  | { readonly outcome: "gone"; readonly beforeSignal: boolean }
  /** The dashboard is going down; the next one continues from the row. */
  | { readonly outcome: "abandoned" };

/**
 * Ends everything a run has started and answers only when nothing of it is left: asked as its profile says, then SIGKILL in a loop, because
 * a one-time snapshot misses what forks meanwhile.
 * @param clock how long the tree may still take by itself; asked again and again, since a second stop may shorten it
 */
export async function endTree(
  ports: SupervisorPorts,
  watched: Watched,
  clock: StopClock,
  abort: AbortSignal,
): Promise<Ending> {
  // An adopted run has begun, wherever its files have gone.
  const mayComeYet = watched.run.spec.adopted === null && readClaim(watched.files) === null;
  const revoked = mayComeYet && revoke(watched.files, "stop");
  const begun = readClaim(watched.files)?.by === "launcher";
  if (!begun && !(await launcherAnswered(watched, abort))) return { outcome: "abandoned" };
  if (revoked) {
    // A launcher that has not reached its claim will start nothing any more; but it must not stay around
    // either.
    const launchers = await findMembers(ports.processes, watched.tree);
    if (launchers.length === 0) return { outcome: "gone", beforeSignal: false };
  }
  learnTree(watched);
  const sent = await ports.records.signalsSent(watched.run.id);
  const endedBefore = sent.first === "leftovers" || (sent.first === null && programEnded(watched));
  const told = endedBefore ? "leftovers" : "program";
  const its = askerOf(ports, watched, told, clock, sent, abort);
  let signalled = await patience(ports, watched, its, clock, abort);
  signalled += await its.lastWord();
  signalled += await killAll(ports, watched, told, abort);
  const { launcher } = watched.tree;
  const wake = () => wakeLauncher(ports.processes, watched.tree);
  const pause = (ms: number) => waitForNews(watched, ms);
  await releaseLauncher(ports.processes, launcher, wake, abort, pause);
  // What was below it is now seen for what it is: its own tools are gone with it, or are killed where it was.
  signalled += await killAll(ports, watched, told, abort);
  if (abort.aborted) return { outcome: "abandoned" };
  return { outcome: "gone", beforeSignal: endedBefore || (!sent.asked && signalled === 0) };
}

/** What a program has left that ended by itself has no program any more, so all of it is asked at once. */
function askerOf(
  ports: SupervisorPorts,
  watched: Watched,
  told: Signalled,
  clock: StopClock,
  sent: SignalsSent,
  abort: AbortSignal,
): Asker {
  const { kind, signals } = watched.run.spec;
  const how = {
    profile: told === "leftovers" ? forLeftovers(signals) : signals,
    once: told === "program" && isAskedOnce(kind),
    clock,
    find: () => findMembers(ports.processes, watched.tree),
    root: () => watched.tree.payload,
    hasEnded: () => programEnded(watched) || programGone(ports, watched),
    note: ({ processes, ...round }: AskedRound) => {
      const data = { ...round, ...reachOf(ports, processes), processes };
      if (told === "program") return noteSignal(ports, watched, told, data);
      const commands = processes.flatMap(({ pid }) => ports.processes.describe(pid)?.command ?? []);
      leftBehindOf(watched).commands ??= commands;
      return noteSignal(ports, watched, told, { ...data, commands });
    },
    abort,
  };
  return asker(ports.processes, how, sent);
}

function forLeftovers(signals: SignalProfile): SignalProfile {
  return { to: "tree", sequence: [{ signal: signalForOthers(signals), waitMs: graceOf(signals) }] };
}

function launcherGone({ processes }: SupervisorPorts, { tree }: Watched): boolean {
  return tree.launcher === null || !isAlive(processes, tree.launcher);
}

/** Whom a signal is written down for: the program a run was asked to end, or what a program has left that ended by itself. */
type Signalled = "program" | "leftovers";

/** Two events, because only the first can be why a program ended. Written down before it is done. */
async function noteSignal(
  { records }: SupervisorPorts,
  { run }: Watched,
  to: Signalled,
  data: { readonly signal: string; readonly pids: readonly number[] } & Readonly<Record<string, unknown>>,
): Promise<void> {
  if (to === "program") await records.note(run.id, "signal_sent", data);
  else await records.note(run.id, "leftover_signal_sent", data);
}

/** Whom a signal reaches, by number, and whom not, since they belong to another user. */
function reachOf(
  { processes }: SupervisorPorts,
  asked: readonly ProcessIdentity[],
): { readonly pids: readonly number[]; readonly notPermitted?: readonly number[] } {
  const notPermitted = refusedAmong(processes, asked);
  const pids = asked.map(({ pid }) => pid).filter((pid) => !notPermitted.includes(pid));
  return notPermitted.length === 0 ? { pids } : { pids, notPermitted };
}

/** Without a launcher there is no record of its end. */
function programGone(ports: SupervisorPorts, watched: Watched): boolean {
  const { payload } = watched.tree;
  return launcherGone(ports, watched) && payload !== null && !isAlive(ports.processes, payload);
}

/** @returns how many were signalled */
async function patience(
  ports: SupervisorPorts,
  watched: Watched,
  its: Asker,
  clock: StopClock,
  abort: AbortSignal,
): Promise<number> {
  const hasTime = () => {
    const { sinceMs, graceMs } = clock();
    return sinceMs < graceMs && !abort.aborted;
  };
  let signalled = 0;
  let nextScanAt = 0;
  while (hasTime()) {
    signalled += await its.tick();
    // A scan of all processes only once the program itself has ended: what is left then are its children.
    if (
      (launcherGone(ports, watched) || readExitRecord(watched.files) !== null) &&
      performance.now() >= nextScanAt
    ) {
      if ((await findMembers(ports.processes, watched.tree)).length === 0 && !groupInhabited(watched)) break;
      nextScanAt = performance.now() + SCAN_EVERY_MS;
    }
    wakeLauncher(ports.processes, watched.tree);
    await waitForNews(watched, LOOK_EVERY_MS);
  }
  return signalled;
}

/** The kernel's own word on the run's cgroup. A scan takes a while, and a program that forks fast can slip through it. */
export function groupInhabited({ tree }: Watched): boolean {
  return tree.group != null && isInhabited(tree.group);
}

/** Kills every member but the launcher, which so lives to record 137. @returns how many */
export async function killAll(
  ports: SupervisorPorts,
  watched: Watched,
  to: Signalled,
  abort: AbortSignal,
): Promise<number> {
  const how: KillHow = {
    find: () => findMembers(ports.processes, watched.tree),
    group: () => watched.tree.group ?? null,
    beforeKill: async (members, inhabited) => {
      // The kernel kills everything in a cgroup.
      const whom = inhabited ? { pids: members.map(({ pid }) => pid) } : reachOf(ports, members);
      await noteSignal(ports, watched, to, { signal: "SIGKILL", asked: "tree", step: null, ...whom });
    },
    unkillable: (members) => tellUnkillable(ports, watched, members),
  };
  return (await killUntilGone(ports.processes, how, abort)).killed;
}

async function tellUnkillable(
  ports: SupervisorPorts,
  watched: Watched,
  members: readonly ProcessInfo[],
): Promise<void> {
  const refused = refusedAmong(ports.processes, members);
  const processes = members.map(({ pid, state }) =>
    refused.includes(pid) ? { pid, state, notPermitted: true } : { pid, state },
  );
  ports.log.warn({ runId: watched.run.id, processes }, "run.unkillable");
  await ports.records.note(watched.run.id, "unkillable", { processes });
}
