import { setTimeout as wait } from "node:timers/promises";
import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { ProcessIdentity } from "@/lib/domain/run";
import { type AskedSoFar, afterRound, NOBODY_ASKED } from "@/lib/domain/signals-sent";
import { type ProcessInfo, seeWhole } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";
import { type Asker, asker, type StopClock } from "./asking";
import { EMPTY_SCANS, killUntilGone } from "./kill-until-gone";

const LOOK_EVERY_MS = 250;
const SCAN_AGAIN_MS = 20;

export type EndMembers = Pick<OutsideStop, "profile" | "once" | "signalled"> & {
  /** Who belongs to it now: called again before every round of signals. */
  find(): Promise<readonly ProcessInfo[]>;
  /** Where its program is looked for; null: at the members without a parent among them. */
  readonly root: ProcessIdentity | null;
  readonly clock: StopClock;
  /** They are about to get a signal. */
  beforeSignal(asked: AskedSoFar, members: readonly ProcessInfo[]): Promise<void>;
};

/** `abandoned`: the dashboard is going down. */
export type MembersEnd = "ended" | "killed" | "gone" | "abandoned";

/**
 * Ends processes that no run here owns: asked as the profile says, killed after their grace, and only over
 * when none was found in a look that can have missed none, or in several that may have. What hangs in the kernel, or belongs to another user, is waited for
 * without end.
 */
export async function endMembers(
  ports: SupervisorPorts,
  how: EndMembers,
  abort: AbortSignal,
): Promise<MembersEnd> {
  const its = askerOf(ports, how, abort);
  const asked = await patience(ports, how, its, abort);
  if (asked.outcome === "abandoned") return "abandoned";
  let signalled = how.signalled !== null || asked.signalled;
  if (asked.outcome === "gone") return signalled ? "ended" : "gone";
  signalled = (await its.lastWord()) > 0 || signalled;
  const kill = {
    find: how.find,
    unkillable: async (members: readonly ProcessInfo[]) =>
      ports.log.warn({ pids: members.map(({ pid }) => pid) }, "outside.unkillable"),
  };
  const { killed, gone } = await killUntilGone(ports.processes, kill, abort);
  if (!gone) return "abandoned";
  return killed > 0 ? "killed" : signalled ? "ended" : "gone";
}

type Patience = { readonly outcome: "gone" | "late" | "abandoned"; readonly signalled: boolean };

/** Asks them for as long as their grace lasts. `late`: it is over, and they may not be. */
async function patience(
  ports: SupervisorPorts,
  how: EndMembers,
  its: Asker,
  abort: AbortSignal,
): Promise<Patience> {
  let signalled = false;
  for (let empty = 0; empty < EMPTY_SCANS; ) {
    if (abort.aborted) return { outcome: "abandoned", signalled };
    if (!isPatient(how.clock)) return { outcome: "late", signalled };
    signalled = (await its.tick()) > 0 || signalled;
    const { seen: members, whole } = await seeWhole(ports.processes, () => how.find());
    empty = members.length === 0 ? empty + 1 : 0;
    if (abort.aborted) return { outcome: "abandoned", signalled };
    if (empty > 0 && whole) break;
    await wait(members.length > 0 ? LOOK_EVERY_MS : SCAN_AGAIN_MS);
  }
  return { outcome: "gone", signalled };
}

function askerOf(ports: SupervisorPorts, how: EndMembers, abort: AbortSignal) {
  let sofar: AskedSoFar = how.signalled ?? NOBODY_ASKED;
  const ask = {
    ...how,
    root: () => how.root,
    // There is no record of the end of such a program.
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
