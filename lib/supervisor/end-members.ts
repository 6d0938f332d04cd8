import { setTimeout as wait } from "node:timers/promises";
import type { SupervisorPorts } from "./ports";
import type { ProcessInfo } from "./processes/processes";
import { signalProcess } from "./signal";

const LOOK_EVERY_MS = 250;
const KILL_EVERY_MS = 20;
const EMPTY_SCANS = 3;
/** As for a run's tree: it may hold a program that forks and ends faster than a busy machine lets us look. */
const EMPTY_SCANS_AFTER_A_KILL = 15;
const UNKILLABLE_AFTER_MS = 5_000;
const UNKILLABLE_EVERY_MS = 1_000;

export type EndMembers = {
  /** Who belongs to it now: asked anew before every round of signals. */
  find(): Promise<readonly ProcessInfo[]>;
  readonly firstSignal: NodeJS.Signals;
  /** How long it may still take by itself; asked again and again, since a second stop may shorten it. */
  graceLeftMs(): number;
  /** An earlier dashboard has sent the first signal. It is not sent twice: to some programs a second SIGINT means "at once". */
  readonly signalled: boolean;
  /** They are about to get the first signal. */
  beforeSignal(members: readonly ProcessInfo[]): Promise<void>;
};

/** `abandoned`: the dashboard is going down. */
export type MembersEnd = "ended" | "killed" | "gone" | "abandoned";

/**
 * Ends processes that no run here owns: asked first, killed after their grace, and only over when nobody was found for several scans.
 * What hangs in the kernel is waited for without end.
 */
export async function endMembers(
  ports: SupervisorPorts,
  how: EndMembers,
  abort: AbortSignal,
): Promise<MembersEnd> {
  let asked = how.signalled || how.graceLeftMs() <= 0;
  let signalled = how.signalled;
  let killed = false;
  let toldStubborn = false;
  const began = performance.now();
  for (let empty = 0; empty < (killed ? EMPTY_SCANS_AFTER_A_KILL : EMPTY_SCANS); ) {
    if (abort.aborted) return "abandoned";
    const members = await how.find();
    empty = members.length === 0 ? empty + 1 : 0;
    const patient = how.graceLeftMs() > 0;
    if (!asked && members.length > 0) {
      await how.beforeSignal(members);
      if (abort.aborted) return "abandoned";
      signalled = signalAll(ports, members, how.firstSignal) > 0 || signalled;
      asked = true;
    } else if (!patient && signalAll(ports, members, "SIGKILL") > 0) killed = true;
    const stubborn = !patient && isStubborn(members, performance.now() - began);
    if (stubborn && !toldStubborn)
      ports.log.warn({ pids: members.map(({ pid }) => pid) }, "outside.unkillable");
    toldStubborn ||= stubborn;
    await wait(
      stubborn ? UNKILLABLE_EVERY_MS : patient && members.length > 0 ? LOOK_EVERY_MS : KILL_EVERY_MS,
    );
  }
  return killed ? "killed" : signalled ? "ended" : "gone";
}

/** Looked for again and again, but not fifty times a second. */
function isStubborn(members: readonly ProcessInfo[], ms: number): boolean {
  return ms > UNKILLABLE_AFTER_MS && members.length > 0 && members.every(({ state }) => state === "D");
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
