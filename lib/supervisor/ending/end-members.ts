import { setTimeout as wait } from "node:timers/promises";
import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { ProcessIdentity } from "@/lib/domain/run";
import { type AskedSoFar, afterRound, NOBODY_ASKED } from "@/lib/domain/signals-sent";
import type { Processes, ProcessInfo } from "../processes/processes";
import { refusedAmong, signalProcess } from "../processes/signal";
import type { SupervisorPorts } from "../watch/ports";
import { asker, type StopClock } from "./asking";

const LOOK_EVERY_MS = 250;
const KILL_EVERY_MS = 20;
const EMPTY_SCANS = 3;
/** As for a run's tree: it may hold a program that forks and ends faster than a busy machine lets us look. */
const EMPTY_SCANS_AFTER_A_KILL = 15;
const UNKILLABLE_AFTER_MS = 5_000;
const UNKILLABLE_EVERY_MS = 1_000;

export type EndMembers = Pick<OutsideStop, "profile" | "once" | "signalled"> & {
  /** Who belongs to it now: asked anew before every round of signals. */
  find(): Promise<readonly ProcessInfo[]>;
  /** Where its program is looked for; null: at those who have nobody of it above them. */
  readonly root: ProcessIdentity | null;
  readonly clock: StopClock;
  /** They are about to get a signal. */
  beforeSignal(asked: AskedSoFar, members: readonly ProcessInfo[]): Promise<void>;
};

/** `abandoned`: the dashboard is going down. */
export type MembersEnd = "ended" | "killed" | "gone" | "abandoned";

/**
 * Ends processes that no run here owns: asked as the profile says, killed after their grace, and only over when nobody was found for several
 * scans. What hangs in the kernel, or belongs to another user, is waited for without end.
 */
export async function endMembers(
  ports: SupervisorPorts,
  how: EndMembers,
  abort: AbortSignal,
): Promise<MembersEnd> {
  const its = askerOf(ports, how, abort);
  let signalled = how.signalled !== null;
  let killed = false;
  let toldStubborn = false;
  let hadLastWord = false;
  const began = performance.now();
  for (let empty = 0; empty < (killed ? EMPTY_SCANS_AFTER_A_KILL : EMPTY_SCANS); ) {
    if (abort.aborted) return "abandoned";
    const patient = isPatient(how.clock);
    if (patient) signalled = (await its.tick()) > 0 || signalled;
    else if (!hadLastWord) signalled = (await its.lastWord()) > 0 || signalled;
    hadLastWord ||= !patient;
    const members = await how.find();
    empty = members.length === 0 ? empty + 1 : 0;
    if (abort.aborted) return "abandoned";
    if (!patient && killAll(ports, members) > 0) killed = true;
    const stubborn = !patient && isStubborn(ports.processes, members, performance.now() - began);
    if (stubborn && !toldStubborn)
      ports.log.warn({ pids: members.map(({ pid }) => pid) }, "outside.unkillable");
    toldStubborn ||= stubborn;
    await wait(
      stubborn ? UNKILLABLE_EVERY_MS : patient && members.length > 0 ? LOOK_EVERY_MS : KILL_EVERY_MS,
    );
  }
  return killed ? "killed" : signalled ? "ended" : "gone";
}

function askerOf(ports: SupervisorPorts, how: EndMembers, abort: AbortSignal) {
  let sofar: AskedSoFar = how.signalled ?? NOBODY_ASKED;
  const ask = {
    ...how,
    root: () => how.root,
    // Nobody writes down that such a program has ended.
    hasEnded: () => false,
    note: async (round: Parameters<typeof afterRound>[1], members: readonly ProcessInfo[]) => {
      sofar = afterRound(sofar, round);
      await how.beforeSignal(sofar, members);
    },
    abort,
  };
  return asker(ports.processes, ask, sofar);
}

function isPatient(clock: StopClock): boolean {
  const { sinceMs, graceMs } = clock();
  return sinceMs < graceMs;
}

/** Looked for again and again, but not fifty times a second. */
function isStubborn(processes: Processes, members: readonly ProcessInfo[], ms: number): boolean {
  if (ms <= UNKILLABLE_AFTER_MS || members.length === 0) return false;
  const refused = refusedAmong(processes, members);
  return members.every(({ pid, state }) => state === "D" || refused.includes(pid));
}

/** @returns how many were signalled */
function killAll({ processes }: SupervisorPorts, members: readonly ProcessInfo[]): number {
  return members.filter((member) => signalProcess(processes, member, "SIGKILL") === "sent").length;
}
