import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { newSlice } from "@/lib/turns";
import { failedWith } from "../files/system-error";
import { hostUnits } from "../host/units";
import { startedSinceBoot, type UnclearOnes, unclearOnes } from "./changes";
import { makeup } from "./makeup";
import { commandLineOf, GONE, HIDDEN, readUnless, unless } from "./proc-files";
import {
  isDead,
  type KnownProcesses,
  type ProcessDescription,
  type Processes,
  type ProcessInfo,
} from "./processes";
import { readStat, type Stat } from "./stat";

/** Who was born during a scan is looked at too: a parent may have ended before its turn came. */
const MOST_ROUNDS = 5;
const LONGEST_COMMAND = 200;
const MARKER = "UNSTUCK_RUN";
/** The parent of all other kernel threads, and of the helpers that the kernel starts. */
const KTHREADD = 2;

/** @param startedEver how many processes and threads were ever started on this machine; null where that cannot be known */
export function linuxProcesses(startedEver = startedSinceBoot): Processes {
  const tickMs = hostUnits().msPerTick;
  const begun = startedEver();
  const unclear = unclearOnes();
  const kernelThreads = kernelThreadsBelow(KTHREADD);
  let known: () => KnownProcesses = () => new Map();
  return {
    read,
    isHidden: (pid) => isHidden(pid),
    isTaken,
    children: (parent) => new Set(childrenOf(parent).map(Number)),
    list: () => list({ unclear, kernelThreads: kernelThreads(), known: known() }),
    lastWhole: () => null,
    know: (source) => {
      known = source;
    },
    changes: () => {
      const now = startedEver();
      // A sandbox may show a number that stands still. The real one has moved by the time anything is looked for: we have started a helper.
      return now === null || now === begun ? null : now + unclear.met();
    },
    marker,
    variable,
    describe,
    makeup,
    // Start ticks and uptime both count from boot.
    ageMs: ({ startTicks }) => Math.max(0, sinceBootMs() - startTicks * tickMs),
    sinceBootMs,
    tickMs,
    hostInstance,
  };
}

function read(pid: number): ProcessInfo | null {
  const stat = statOf(pid);
  return stat === null ? null : infoOf(stat);
}

function infoOf({ pid, parent, group, session, state, startTicks }: Stat): ProcessInfo {
  return { pid, parent, group, session, state, startTicks };
}

function statOf(pid: number): Stat | null {
  try {
    return readStat(pid);
  } catch (error) {
    if (failedWith(error, ...GONE)) return null;
    throw error;
  }
}

/**
 * Under hidepid=2 and systemd's ProtectProc= the entry of another user's process is missing from /proc, as if it were gone; under hidepid=1 it may
 * not be opened. A signal still tells: it may not be sent.
 * @param look reads its entry
 * @param signal asks whether number 0, which does nothing, may be sent
 */
export function isHidden(
  pid: number,
  look: (pid: number) => ProcessInfo | null = read,
  signal: (pid: number, number: 0) => unknown = process.kill,
): boolean {
  try {
    if (look(pid) !== null) return false;
  } catch (error) {
    if (!failedWith(error, ...HIDDEN)) throw error;
  }
  try {
    // Below 1 stand groups, and everybody.
    if (pid > 0) signal(pid, 0);
    return false;
  } catch (error) {
    return failedWith(error, "EPERM");
  }
}

function isTaken(pid: number): boolean {
  try {
    // Below 1 stand groups, and everybody.
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // Another user's may not be signalled, but is there.
    return !failedWith(error, "ESRCH");
  }
}

/**
 * On most machines the greater part of all entries are the kernel's own: one file tells of them at once, where the kernel has that file. A number that
 * changes hands between that and the look at /proc is one that was started meanwhile, which `changes` counts.
 */
function kernelThreadsBelow(pid: number): () => readonly string[] {
  // In a container it is a program, or there is none.
  if (statOf(pid)?.isKernelThread !== true) return () => [];
  return () => childrenOf(pid);
}

/** Of its first thread. The file is there where the kernel was built with CONFIG_PROC_CHILDREN, and lacks some when others end while it is read. */
function childrenOf(pid: number): string[] {
  const text = readUnless(`/proc/${pid}/task/${pid}/children`, [...GONE, ...HIDDEN])?.trimEnd() ?? "";
  return text === "" ? [] : text.split(" ");
}

type Beforehand = {
  readonly unclear: UnclearOnes;
  readonly kernelThreads: readonly string[];
  readonly known: KnownProcesses;
};

async function list({ unclear, kernelThreads, known }: Beforehand): Promise<readonly ProcessInfo[]> {
  const found: ProcessInfo[] = [];
  const slice = newSlice();
  const seen = new Set(kernelThreads);
  const scan = unclear.scan();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fresh = readdirSync("/proc").filter((name) => isPid(name) && !seen.has(name));
    if (fresh.length === 0) break;
    for (const name of fresh) {
      seen.add(name);
      const info = scanned(Number(name), known, scan.meet);
      if (info !== null) found.push(info);
      if (slice.isOver()) await slice.next();
    }
  }
  scan.over();
  return found;
}

function scanned(pid: number, known: KnownProcesses, onBare: (found: Stat) => void): ProcessInfo | null {
  const found = statOf(pid);
  if (found === null || found.isKernelThread || isDead(found)) return null;
  const its = known.get(pid);
  if (its?.startTicks === found.startTicks) return { ...infoOf(found), marker: its.marker };
  const environment = found.isHeadless ? environmentOfThreads(pid) : environmentOfFirst(pid);
  // Not to be seen: it belongs to another user, if only for a moment, or has just ended.
  if (environment === null || environment === "") onBare(found);
  return { ...infoOf(found), marker: variableIn(environment, MARKER) };
}

function isPid(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 48 && first <= 57;
}

function marker(pid: number): string | null {
  return variable(pid, MARKER);
}

function variable(pid: number, name: string): string | null {
  return variableIn(environmentOf(pid), name);
}

function environmentOf(pid: number): string | null {
  const environment = environmentOfFirst(pid);
  if (environment !== null) return environment;
  return unless(GONE, () => readStat(pid))?.isHeadless === true ? environmentOfThreads(pid) : null;
}

function environmentOfFirst(pid: number): string | null {
  return readUnless(`/proc/${pid}/environ`, [...GONE, ...HIDDEN]);
}

/** Of one whose first thread has ended: the others still have it. */
function environmentOfThreads(pid: number): string | null {
  for (const thread of unless(GONE, () => readdirSync(`/proc/${pid}/task`)) ?? []) {
    const environment = readUnless(`/proc/${pid}/task/${thread}/environ`, [...GONE, ...HIDDEN]);
    if (environment !== null && environment !== "") return environment;
  }
  return null;
}

function variableIn(environ: string | null, name: string): string | null {
  if (environ === null) return null;
  const begins = `${name}=`;
  const begin = environ.startsWith(begins) ? 0 : environ.indexOf(`\0${begins}`) + 1;
  if (begin === 0 && !environ.startsWith(begins)) return null;
  const end = environ.indexOf("\0", begin);
  return environ.slice(begin + begins.length, end === -1 ? undefined : end);
}

function describe(pid: number): ProcessDescription | null {
  const status = readUnless(`/proc/${pid}/status`, GONE);
  if (status === null) return null;
  const words = (commandLineOf(pid) ?? "").replaceAll(/\p{Cc}+/gu, " ").trim();
  const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? "?";
  return {
    command: words === "" ? `[${name}]` : words.slice(0, LONGEST_COMMAND),
    marker: marker(pid),
    isProcess: Number(/^Tgid:\s*(\d+)$/m.exec(status)?.[1]) === pid,
  };
}

/** Counts while the machine sleeps, as start ticks do; performance.now() does not. */
function sinceBootMs(): number {
  return Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]) * 1_000;
}

/** After a container restart boot id and namespace stay the same; the start of its pid 1 does not. */
function hostInstance(): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const namespace = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  return `${boot}/${namespace}/${read(1)?.startTicks ?? 0}`;
}
