import type { SupervisorPorts } from "./ports";
import { isDead } from "./processes/processes";

/** A process of which nothing but its number was known. */
export type Bystander = { readonly command: string /** Epoch milliseconds. */; readonly startedAt: number };

export function whoIs({ processes, clock }: SupervisorPorts, pid: number): Bystander | null {
  const info = processes.read(pid);
  if (info === null || isDead(info)) return null;
  // The kernel's own threads are in no session and no group.
  if (process.platform === "linux" && info.session === 0 && info.group === 0) return null;
  const about = processes.describe(pid);
  if (about === null || !about.isProcess) return null;
  return { command: about.command, startedAt: clock.wallTime(info.startTicks * processes.tickMs) };
}
