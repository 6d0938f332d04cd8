import type { ProcessIdentity } from "@/lib/domain/run";
import { isAlive, type Processes } from "./processes/processes";

/**
 * The only place that signals. The identity is checked again immediately before: between a look and a signal the number
 * may have got a new owner.
 * @returns whether a signal was sent
 */
export function signalProcess(
  processes: Processes,
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
): boolean {
  if (identity.pid <= 1 || identity.pid === process.pid || !isAlive(processes, identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    // Gone since the look, or not ours to signal: the next scan tells.
    return false;
  }
}
