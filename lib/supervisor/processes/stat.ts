import { closeSync, openSync, readSync } from "node:fs";

/** What /proc/<pid>/stat says of one process. Times are clock ticks, `rss` is pages. */
export type Stat = {
  readonly pid: number;
  /** The kernel's letter; `S` for one whose first thread has ended (`Z`) while others go on, for it lives. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startTicks: number;
  /** User and kernel time of its own. */
  readonly own: number;
  /** The same of its children that have ended and that it has waited for, and of theirs. */
  readonly children: number;
  readonly rss: number;
  /** Its first thread has ended, and others go on: nothing but its stat tells of the process, under the number of the first. */
  readonly isHeadless: boolean;
  /** It runs no program, and never will. */
  readonly isKernelThread: boolean;
};

/** One read gets all of a stat file: its name has at most 64 bytes, its 50 numbers 20 digits each. */
const buffer = Buffer.allocUnsafe(2_048);

/**
 * Three system calls, where readFileSync would take five: it is asked for every run in every sweep.
 * @returns null for a line that is torn
 * @throws what the system says: ENOENT or ESRCH where there is no such process
 */
export function readStat(pid: number): Stat | null {
  const file = openSync(`/proc/${pid}/stat`, "r");
  try {
    return parseStat(pid, buffer, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}

const SPACE = 32;
/** Places after the name's last parenthesis; proc(5) calls the first of them, the state, field 3. */
const PARENT = 1;
const GROUP = 2;
const SESSION = 3;
const FLAGS = 6;
const USER_TIME = 11;
const KERNEL_TIME = 12;
const CHILDREN_USER = 13;
const CHILDREN_KERNEL = 14;
const THREADS = 17;
const START = 19;
const RSS = 21;
/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x200000;
const values = new Float64Array(RSS + 1);

/**
 * The name in parentheses may hold anything, spaces and parentheses too, so places count from the last one. Reads the bytes as they
 * are: a string for each process would cost more than the system calls.
 */
export function parseStat(pid: number, bytes: Uint8Array, length: number): Stat | null {
  const end = bytes.lastIndexOf(41, length - 1);
  if (end < 0 || end + 2 >= length) return null;
  let place = 0;
  values.fill(0);
  for (let at = end + 3; at < length && place <= RSS; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE) place += 1;
    else if (byte >= 48 && byte <= 57 && place <= RSS) values[place] = (values[place] ?? 0) * 10 + byte - 48;
  }
  if (place <= START) return null;
  const value = (index: number) => values[index] ?? 0;
  const letter = String.fromCharCode(bytes[end + 2] ?? 0);
  const isHeadless = letter === "Z" && value(THREADS) > 1;
  return {
    pid,
    state: isHeadless ? "S" : letter,
    isHeadless,
    parent: value(PARENT),
    group: value(GROUP),
    session: value(SESSION),
    startTicks: value(START),
    own: value(USER_TIME) + value(KERNEL_TIME),
    children: value(CHILDREN_USER) + value(CHILDREN_KERNEL),
    rss: value(RSS),
    isKernelThread: (value(FLAGS) & KERNEL_THREAD) !== 0,
  };
}
