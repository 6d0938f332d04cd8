import { parseRunId } from "@/lib/domain/ids";
import type { Found } from "@/lib/domain/import-process";
import { isDead, type Processes, type ProcessInfo } from "../processes/processes";
import type { SupervisorPorts } from "../watch/ports";

/** A process of which nothing but its number was known; null when there is none, or it is the kernel's own. */
export function whoIs(
  { processes, clock }: Pick<SupervisorPorts, "processes" | "clock">,
  pid: number,
): Found {
  const info = processes.read(pid);
  if (info === null) return processes.isHidden(pid) ? "hidden" : null;
  if (isDead(info)) return null;
  // The kernel's own threads are in no session and no group.
  if (process.platform === "linux" && info.session === 0 && info.group === 0) return null;
  const about = processes.describe(pid);
  if (about === null || !about.isProcess) return null;
  const run = parseRunId(about.marker?.split(".")[0] ?? "");
  return {
    command: about.command,
    startedAt: clock.wallTime(info.startTicks * processes.tickMs),
    belongsTo: isOurselves(processes, info) ? "dashboard" : run,
  };
}

/** This process, what started it up to the first, and the helpers it started; not the runs, which outlive it. */
function isOurselves(processes: Processes, { pid, parent }: ProcessInfo): boolean {
  if (pid === process.pid) return true;
  for (let above = process.ppid; above > 0; above = processes.read(above)?.parent ?? 0)
    if (above === pid) return true;
  return parent === process.pid && processes.marker(pid) === null;
}
