import { isRunning, type LiveProcess, processesOfFolder } from "../../processes";

export type Member = LiveProcess & { readonly runId: string; readonly isLauncher: boolean };

/** Every live process that carries the marker of a run of this session, by /proc alone. */
export function membersOfRuns(folder: string): Member[] {
  return processesOfFolder(folder).flatMap((entry) => {
    if (entry.marker === null) return [];
    const isLauncher = entry.command.includes("/_launchers/launcher-");
    return [{ ...entry, runId: entry.marker.split(".")[0] ?? "", isLauncher }];
  });
}

/** Those that are alive in both looks: what is true of them was true in the moment between. */
export function aliveStill(before: readonly Member[], folder: string): Member[] {
  if (!before.some(({ pid }) => isRunning(pid))) return [];
  const now = new Map(membersOfRuns(folder).map((member) => [member.pid, member]));
  return before.filter(({ pid, runId, isLauncher }) => {
    const same = now.get(pid);
    return same?.runId === runId && same.isLauncher === isLauncher;
  });
}
