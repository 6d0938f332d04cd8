import { readdirSync } from "node:fs";
import { readStat, type Stat } from "../processes/stat";

/** What /proc tells of one process. Times are clock ticks, `rss` is pages. */
export type ProcessStat = Pick<Stat, "pid" | "parent" | "startTicks" | "own" | "children" | "rss"> & {
  readonly zombie: boolean;
};

/** The numbers of all processes, including dead ones that were not waited for: their times count nowhere else yet. */
export function allPids(): number[] {
  const pids: number[] = [];
  for (const name of readdirSync("/proc")) {
    const first = name.charCodeAt(0);
    if (first >= 49 && first <= 57) pids.push(Number(name));
  }
  return pids;
}

/** null: it is gone, or cannot be read now. */
export function statOf(pid: number): ProcessStat | null {
  try {
    const stat = readStat(pid);
    if (stat === null) return null;
    const { state, parent, startTicks, own, children, rss } = stat;
    return { pid, zombie: state === "Z" || state === "X", parent, startTicks, own, children, rss };
  } catch {
    return null;
  }
}
