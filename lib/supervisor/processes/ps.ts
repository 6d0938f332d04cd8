import { execFileSync } from "node:child_process";
import type { ProcessDescription, Processes, ProcessInfo, ProcessMakeup } from "./processes";

/**
 * Systems without /proc (macOS): one `ps` call. Start times have the resolution of a second, and the environment of other
 * processes is not read, so a tree is known by session, group and parents only. Tested on Linux, never yet on macOS.
 */
export function psProcesses(): Processes {
  return {
    read: (pid) => snapshot(["-p", String(pid)])[0] ?? null,
    isHidden: () => false,
    isTaken: () => null,
    children: () => NONE,
    list: async () => snapshot(["-A"]),
    changes: () => null,
    know: () => {},
    lastWhole: () => null,
    marker: () => null,
    variable: () => null,
    ageMs: () => null,
    describe: description,
    makeup,
    // Its start times are wall times in whole seconds.
    sinceBootMs: Date.now,
    tickMs: 1_000,
    hostInstance: () => `${process.platform}/${snapshot(["-p", "1"])[0]?.startTicks ?? 0}`,
  };
}

const NONE: ReadonlySet<number> = new Set();

/** Words as they look: ps shows no borders between arguments. */
function makeup(pid: number): ProcessMakeup | null {
  const about = description(pid);
  if (about === null) return null;
  return { argv: about.command.split(/\s+/), catches: NONE, ignores: NONE, input: null, output: null };
}

function description(pid: number): ProcessDescription | null {
  try {
    const text = execFileSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" }).trim();
    return { command: text.slice(0, 200) || "?", marker: null, isProcess: true };
  } catch {
    return null;
  }
}

const COLUMNS = "pid=,ppid=,pgid=,sess=,state=,lstart=";

function snapshot(selection: readonly string[]): ProcessInfo[] {
  try {
    const text = execFileSync("ps", [...selection, "-o", COLUMNS], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    return text.split("\n").flatMap(parseLine);
  } catch {
    // ps exits 1 when the pid asked for is not there.
    return [];
  }
}

/** `  812     1   812   812 S    Sun Nov 22 10:00:00 2026`; macOS prints sessions in hexadecimal and often as 0. */
export function parseLine(line: string): ProcessInfo[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+([0-9a-fA-F]+)\s+(\S)\S*\s+(.+)$/.exec(line);
  const startedMs = Date.parse(match?.[6]?.trim() ?? "");
  if (match === null || Number.isNaN(startedMs)) return [];
  const [, pid, parent, group, session, state = "?"] = match;
  if (state === "Z") return [];
  return [
    {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      state,
      startTicks: Math.floor(startedMs / 1_000),
    },
  ];
}
