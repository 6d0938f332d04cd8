import { constants, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { newSlice } from "@/lib/turns";
import { failedWith } from "../files/system-error";
import { hostUnits } from "../host/units";
import { startedSinceBoot, type UnclearOnes, unclearOnes } from "./changes";
import { commandLineOf, GONE, HIDDEN, readUnless, unless } from "./proc-files";
import {
  isDead,
  type ProcessDescription,
  type Processes,
  type ProcessInfo,
  type ProcessMakeup,
} from "./processes";
import { readStat, type Stat } from "./stat";

/** Who was born during a scan is looked at too: a parent may have ended before its turn came. */
const MOST_ROUNDS = 5;
const LONGEST_COMMAND = 200;
const MARKER = "UNSTUCK_RUN";

/** @param startedEver how many processes and threads were ever started on this machine; null where that cannot be known */
export function linuxProcesses(startedEver = startedSinceBoot): Processes {
  const tickMs = hostUnits().msPerTick;
  const begun = startedEver();
  const unclear = unclearOnes();
  return {
    read,
    isHidden: (pid) => isHidden(pid),
    isTaken,
    list: () => list(unclear),
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

async function list(unclear: UnclearOnes): Promise<readonly ProcessInfo[]> {
  const found: ProcessInfo[] = [];
  const slice = newSlice();
  const seen = new Set<string>();
  const scan = unclear.scan();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fresh = readdirSync("/proc").filter((name) => isPid(name) && !seen.has(name));
    if (fresh.length === 0) break;
    for (const name of fresh) {
      seen.add(name);
      const info = scanned(Number(name), scan.meet);
      if (info !== null) found.push(info);
      if (slice.isOver()) await slice.next();
    }
  }
  scan.over();
  return found;
}

function scanned(pid: number, onBare: (found: Stat) => void): ProcessInfo | null {
  const found = statOf(pid);
  // On most machines the greater part of all entries are the kernel's own.
  if (found === null || found.isKernelThread || isDead(found)) return null;
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

function makeup(pid: number): ProcessMakeup | null {
  const status = readUnless(`/proc/${pid}/status`, GONE);
  if (status === null) return null;
  const cmdline = commandLineOf(pid) ?? "";
  return {
    argv: cmdline === "" ? [] : cmdline.replace(/\0$/, "").split("\0"),
    catches: signalsIn(status, "SigCgt"),
    ignores: signalsIn(status, "SigIgn"),
    input: descriptor(pid, 0),
    output: descriptor(pid, 1),
  };
}

/** `pipe:[81]`, `/dev/null`, `/dev/null (append)`. */
function descriptor(pid: number, number: number): string | null {
  const file = unless([...GONE, ...HIDDEN], () => readlinkSync(`/proc/${pid}/fd/${number}`));
  const info = file === null ? null : readUnless(`/proc/${pid}/fdinfo/${number}`, [...GONE, ...HIDDEN]);
  if (file === null || info === null) return null;
  const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? "0", 8);
  return (flags & constants.O_APPEND) === 0 ? file : `${file} (append)`;
}

/** `SigCgt:\t0000000000014002`: bit N - 1 stands for signal N. */
function signalsIn(status: string, name: string): ReadonlySet<number> {
  const mask = BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? 0}`);
  return new Set(Array.from({ length: 64 }, (_, at) => at + 1).filter((at) => (mask >> BigInt(at - 1)) & 1n));
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
