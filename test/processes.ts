import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What /proc says, read here once more and not with the product's own reader: the truth every test compares with. */
export type LiveProcess = {
  readonly pid: number;
  /** `<runId>.<token>`, null for a process without one. */
  readonly marker: string | null;
  readonly command: string;
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

export function isRunning(pid: number): boolean {
  const state = stateOf(pid);
  return state !== null && state !== "Z" && state !== "X";
}

/** The kernel's letter: R, S, D, T, Z …; null when there is no such process. */
export function stateOf(pid: number): string | null {
  return readOrNull(`/proc/${pid}/stat`)?.split(") ").at(-1)?.[0] ?? null;
}

export function parentOf(pid: number): number {
  return Number(readOrNull(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ")[1] ?? 0);
}

type Entry = LiveProcess & { readonly environ: string; readonly cwd: string };

function liveProcesses(wanted: (entry: Entry) => boolean): LiveProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isRunning(Number(name)))
    .map((name) => entryOf(Number(name)))
    .filter(wanted)
    .map(({ pid, marker, command }) => ({ pid, marker, command }));
}

function entryOf(pid: number): Entry {
  const environ = readOrNull(`/proc/${pid}/environ`) ?? "";
  const marker = /(?:^|\0)UNSTUCK_RUN=([^\0]*)/.exec(environ)?.[1] ?? null;
  const command = (readOrNull(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
  return { pid, marker, command, environ, cwd: workingFolder(pid) };
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
