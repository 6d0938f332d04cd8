import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What /proc says, read here once more and not with the product's own reader: the truth every test compares with. */
export type LiveProcess = {
  readonly pid: number;
  /** `<runId>.<token>`, null for a process without one. */
  readonly marker: string | null;
  readonly command: string;
  /** As it was when the process was listed; asked for later it may be gone. */
  readonly parent: number;
};

/** Live processes whose environment carries a run's marker. */
export function processesOfRuns(filter: (marker: string) => boolean = () => true): LiveProcess[] {
  return liveProcesses((entry) => entry.marker !== null && filter(entry.marker));
}

/** Live processes of one run; the launcher, which carries the marker too, is among them. */
export function processesOfRun(runId: string): LiveProcess[] {
  return processesOfRuns((marker) => marker.startsWith(`${runId}.`));
}

/** Everything that was started out of a data folder: by its environment, or by the folder it works in. */
export function processesOfFolder(folder: string): LiveProcess[] {
  return liveProcesses(({ environ, cwd }) => environ.includes(folder) || cwd.startsWith(folder));
}

/** Live processes whose command line has this in it. */
export function processesWithCommand(text: string): LiveProcess[] {
  return liveProcesses(({ command }) => command.includes(text));
}

/** The process that starts a dashboard's launchers; null while there is none, and it starts them itself. */
export function spawnHelperOf(dashboard: number): number | null {
  const helper = processesWithCommand("/_launchers/spawner-").find(({ parent }) => parent === dashboard);
  return helper?.pid ?? null;
}

export function isRunning(pid: number): boolean {
  const state = stateOf(pid);
  return state !== null && state !== "Z" && state !== "X";
}

/** The kernel's letter: R, S, D, T, Z …; null when there is no such process. */
export function stateOf(pid: number): string | null {
  return readOrNull(`/proc/${pid}/stat`)?.split(") ").at(-1)?.[0] ?? null;
}

/** 0 for a process that is gone. To signal a parent, take `launcherOf`: 0 would be our own group. */
export function parentOf(pid: number): number {
  return Number(readOrNull(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ")[1] ?? 0);
}

/** The launcher of a run whose program lives: its parent. */
export function launcherOf({ pid }: { readonly pid: number }): number {
  const parent = parentOf(pid);
  if (parent <= 1) throw new Error(`Process ${pid} has no launcher: its parent is ${parent}.`);
  return parent;
}

export function commandOf(pid: number): string {
  return (readOrNull(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
}

/** @returns false when the process has ended before, which is no harm */
export function kill(pid: number, signal: NodeJS.Signals): boolean {
  if (!(pid > 1)) throw new Error(`${pid} is nobody's pid; it was to get ${signal}.`);
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

type Entry = LiveProcess & { readonly environ: string; readonly cwd: string };

function liveProcesses(wanted: (entry: Entry) => boolean): LiveProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isRunning(Number(name)))
    .map((name) => entryOf(Number(name)))
    .filter(wanted)
    .map(({ pid, marker, command, parent }) => ({ pid, marker, command, parent }));
}

function entryOf(pid: number): Entry {
  // Its parent first: whoever is gone by the time its environment is read has no marker and stands in no list.
  const parent = parentOf(pid);
  const environ = readOrNull(`/proc/${pid}/environ`) ?? "";
  const marker = /(?:^|\0)UNSTUCK_RUN=([^\0]*)/.exec(environ)?.[1] ?? null;
  return { pid, parent, marker, command: commandOf(pid), environ, cwd: workingFolder(pid) };
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
