import { setTimeout as wait } from "node:timers/promises";
import type { Stray } from "@/lib/domain/stray";
import { findMembers, type Tree } from "../members";
import type { SupervisorPorts } from "../ports";
import { isAlive, type ProcessInfo } from "../processes/processes";
import { signalProcess } from "../signal";

const LOOK_EVERY_MS = 250;
const KILL_EVERY_MS = 20;
const EMPTY_SCANS = 3;
/** As for a run's tree: it may hold a program that forks and ends faster than a busy machine lets us look. */
const EMPTY_SCANS_AFTER_A_KILL = 15;
const UNKILLABLE_AFTER_MS = 5_000;
const UNKILLABLE_EVERY_MS = 1_000;
const LAUNCHER_ALLOWANCE_MS = 5_000;

/** How long it may still take by itself; asked again and again, since a second stop may shorten it. */
export type StrayEnding = { readonly firstSignal: NodeJS.Signals; graceLeftMs(): number };

/**
 * Ends everything that carries a stray's marker, with all that hangs on it: asked first, killed after its grace. Who belongs to it
 * is found anew before every round of signals. The launcher goes last, so that it can still write down what it saw.
 * @returns false when the dashboard goes down first
 */
export async function endStray(
  ports: SupervisorPorts,
  stray: Stray,
  ending: StrayEnding,
  abort: AbortSignal,
): Promise<boolean> {
  const tree: Tree = {
    marker: stray.marker,
    launcher: stray.launcher,
    payload: null,
    sessions: new Map(),
  };
  let asked = ending.graceLeftMs() <= 0;
  let killed = false;
  const began = performance.now();
  for (let empty = 0; empty < (killed ? EMPTY_SCANS_AFTER_A_KILL : EMPTY_SCANS); ) {
    if (abort.aborted) return false;
    const members = await findMembers(ports.processes, tree);
    empty = members.length === 0 ? empty + 1 : 0;
    const patient = ending.graceLeftMs() > 0;
    if (!asked) signalAll(ports, members, ending.firstSignal);
    else if (!patient && signalAll(ports, members, "SIGKILL") > 0) killed = true;
    asked = true;
    await wait(pause(patient, members, performance.now() - began - UNKILLABLE_AFTER_MS));
  }
  return releaseLauncher(ports, tree, abort);
}

/** Something that hangs in the kernel is looked for again and again, but not fifty times a second. */
function pause(patient: boolean, members: readonly ProcessInfo[], overdueMs: number): number {
  if (patient) return members.length === 0 ? KILL_EVERY_MS : LOOK_EVERY_MS;
  const hangs = overdueMs > 0 && members.length > 0 && members.every(({ state }) => state === "D");
  return hangs ? UNKILLABLE_EVERY_MS : KILL_EVERY_MS;
}

/** SIGCONT after it: a stopped process would see the signal too late. @returns how many were signalled */
function signalAll(ports: SupervisorPorts, members: readonly ProcessInfo[], signal: NodeJS.Signals): number {
  let sent = 0;
  for (const member of members) {
    if (!signalProcess(ports.processes, member, signal)) continue;
    sent += 1;
    if (signal !== "SIGKILL") signalProcess(ports.processes, member, "SIGCONT");
  }
  return sent;
}

async function releaseLauncher(
  { processes }: SupervisorPorts,
  { launcher }: Tree,
  abort: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + LAUNCHER_ALLOWANCE_MS;
  while (launcher !== null && isAlive(processes, launcher)) {
    if (abort.aborted) return false;
    signalProcess(processes, launcher, performance.now() > deadline ? "SIGKILL" : "SIGCONT");
    await wait(KILL_EVERY_MS);
  }
  return true;
}
