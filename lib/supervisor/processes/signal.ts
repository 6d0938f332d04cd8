import type { ProcessIdentity } from "@/lib/domain/run";
import { failedWith } from "../files/system-error";
import { isAlive, type Processes } from "./processes";

/** `refused`: it belongs to another user, as behind sudo. `gone`: it has ended, or is one that is never signalled. */
export type SignalResult = "sent" | "gone" | "refused";

/**
 * The only place that signals. The identity is checked again immediately before: between a look and a signal the number
 * may have got a new owner.
 */
export function signalProcess(
  processes: Processes,
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
): SignalResult {
  return attempt(processes, identity, signal);
}

/** The numbers of those that belong to another user. Found out without a signal: it is written down before the first one is sent. */
export function refusedAmong(
  processes: Processes,
  identities: readonly ProcessIdentity[],
): readonly number[] {
  return identities.filter((each) => isRefused(processes, each)).map(({ pid }) => pid);
}

/** A process that cannot be looked at just now (out of descriptors) is not known to be. */
function isRefused(processes: Processes, identity: ProcessIdentity): boolean {
  try {
    return attempt(processes, identity, 0) === "refused";
  } catch {
    return false;
  }
}

/** @param signal 0 sends none, and is refused where one would be */
function attempt(processes: Processes, identity: ProcessIdentity, signal: NodeJS.Signals | 0): SignalResult {
  if (identity.pid <= 1 || identity.pid === process.pid || !isAlive(processes, identity)) return "gone";
  try {
    process.kill(identity.pid, signal);
    return "sent";
  } catch (error) {
    // Else it has gone since the look.
    return failedWith(error, "EPERM") ? "refused" : "gone";
  }
}
