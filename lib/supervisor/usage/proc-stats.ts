import { readdirSync } from "node:fs";
import { newSlice } from "@/lib/turns";
import { readStat, type Stat } from "../processes/stat";

/** What one pass over /proc tells of one process. Times are clock ticks, `rss` is pages. */
export type ProcessStat = Pick<Stat, "pid" | "parent" | "startTicks" | "own" | "children" | "rss"> & {
  readonly zombie: boolean;
};

/**
 * Every process there is, including dead ones that were not waited for: their times count nowhere else yet.
 */
export async function statAll(): Promise<Map<number, ProcessStat>> {
  const found = new Map<number, ProcessStat>();
  const slice = newSlice();
  for (const name of readdirSync("/proc")) {
    const first = name.charCodeAt(0);
    if (first < 49 || first > 57) continue;
    const stat = statOf(Number(name));
    if (stat !== null) found.set(stat.pid, stat);
    if (slice.isOver()) await slice.next();
  }
  return found;
}

function statOf(pid: number): ProcessStat | null {
  try {
    const stat = readStat(pid);
    if (stat === null) return null;
    const { state, parent, startTicks, own, children, rss } = stat;
    return { pid, zombie: state === "Z" || state === "X", parent, startTicks, own, children, rss };
  } catch {
    return null;
  }
}
