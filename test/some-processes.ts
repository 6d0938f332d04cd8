import type { ProcessIdentity } from "@/lib/domain/run";
import type { Processes, ProcessInfo } from "@/lib/supervisor/processes/processes";

/** A host of which a test says what runs on it: `all` may change between two looks. */
export function someProcesses(all: ProcessInfo[]): Processes {
  const find = (pid: number) => all.find((info) => info.pid === pid) ?? null;
  return {
    read: find,
    isHidden: () => false,
    list: async () => [...all],
    changes: () => null,
    know: () => {},
    lastWhole: () => null,
    marker: (pid) => find(pid)?.marker ?? null,
    variable: () => null,
    ageMs: () => null,
    describe: (pid) => {
      const marker = find(pid)?.marker;
      return marker === undefined ? null : { command: `program ${pid}`, marker, isProcess: true };
    },
    makeup: (pid) =>
      find(pid) === null
        ? null
        : { argv: [`program-${pid}`], catches: new Set(), ignores: new Set(), input: null, output: null },
    isTaken: () => null,
    children: () => new Set(),
    sinceBootMs: () => 1_000_000,
    tickMs: 10,
    hostInstance: () => "boot/1/1",
  };
}

/** A process that sleeps, in a session and group of its own, with nobody above it. */
export function aProcess(
  { pid, startTicks }: ProcessIdentity,
  changes: Partial<ProcessInfo> = {},
): ProcessInfo {
  return { pid, startTicks, parent: 1, group: pid, session: pid, state: "S", marker: null, ...changes };
}
