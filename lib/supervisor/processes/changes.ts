import { commandLineOf, GONE, HIDDEN, readUnless } from "./proc-files";
import type { Stat } from "./stat";

/**
 * The kernel counts one in the same moment in which it begins to be seen in /proc, so none is seen and not counted yet, or the other way round. (The
 * number of the newest in /proc/loadavg would be cheaper, but is given out earlier than that.)
 * @returns how many processes and threads were ever started on this machine; null where that cannot be known
 */
export function startedSinceBoot(): number | null {
  const count = /^processes (\d+)$/m.exec(readUnless("/proc/stat", [...GONE, ...HIDDEN]) ?? "")?.[1];
  return count === undefined ? null : Number(count);
}

export type UnclearOnes = ReturnType<typeof unclearOnes>;

/**
 * While one becomes another program it has no environment, and so no marker. Some never have one: those have a command line all the same, and had no
 * environment in the scan before.
 */
export function unclearOnes() {
  let before: ReadonlySet<string> = new Set();
  let met = 0;
  return {
    /** How many were met so far. */
    met: () => met,
    scan() {
      const bare = new Set<string>();
      return {
        meet({ pid, startTicks }: Stat): void {
          const name = `${pid}:${startTicks}`;
          bare.add(name);
          if (!before.has(name) || (commandLineOf(pid) ?? "") === "") met += 1;
        },
        over(): void {
          before = bare;
        },
      };
    },
  };
}
