import type { Tree } from "../processes/members";
import { isAlive, type Processes } from "../processes/processes";
import { signalProcess } from "../processes/signal";

/**
 * A launcher that was suspended (SIGSTOP, or Ctrl-Z in the terminal of a run by hand) would never record the
 * end of its program: once that is over it is told to go on.
 */
export function wakeLauncher(processes: Processes, { launcher, payload }: Tree): void {
  if (launcher === null || payload === null || processes.read(launcher.pid)?.state !== "T") return;
  if (!isAlive(processes, payload)) signalProcess(processes, launcher, "SIGCONT");
}
