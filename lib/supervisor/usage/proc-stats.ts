import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { newSlice } from "@/lib/turns";

/** What one pass over /proc tells of one process. Times are clock ticks, `rss` is pages. */
export type ProcessStat = {
  readonly pid: number;
  readonly zombie: boolean;
  readonly parent: number;
  readonly startTicks: number;
  /** User and kernel time of its own. */
  readonly own: number;
  /** The same of its children that have ended and that it has waited for, and of theirs. */
  readonly children: number;
  readonly rss: number;
};

/** One read gets all of a stat file: its name has at most 64 bytes, its 50 numbers 20 digits each. */
const buffer = Buffer.allocUnsafe(2_048);

/** Every process there is, dead ones that nobody has waited for included: their times count nowhere else yet. */
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
    const file = openSync(`/proc/${pid}/stat`, "r");
    try {
      return parseUsage(pid, buffer, readSync(file, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

const SPACE = 32;
/** Places after the name's last parenthesis; proc(5) calls the first of them field 3. */
const PARENT = 1;
const USER_TIME = 11;
const KERNEL_TIME = 12;
const CHILDREN_USER = 13;
const CHILDREN_KERNEL = 14;
const START = 19;
const RSS = 21;
const values = new Float64Array(RSS + 1);

/** Reads the bytes as they are: a string for each process would cost more than the system calls. */
export function parseUsage(pid: number, bytes: Uint8Array, length: number): ProcessStat | null {
  const end = bytes.lastIndexOf(41, length - 1);
  if (end < 0 || end + 2 >= length) return null;
  const zombie = bytes[end + 2] === 90 || bytes[end + 2] === 88;
  let place = 0;
  values.fill(0);
  for (let at = end + 3; at < length && place <= RSS; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE) place += 1;
    else if (byte >= 48 && byte <= 57 && place <= RSS) values[place] = (values[place] ?? 0) * 10 + byte - 48;
  }
  if (place <= START) return null;
  const value = (index: number) => values[index] ?? 0;
  return {
    pid,
    zombie,
    parent: value(PARENT),
    startTicks: value(START),
    own: value(USER_TIME) + value(KERNEL_TIME),
    children: value(CHILDREN_USER) + value(CHILDREN_KERNEL),
    rss: value(RSS),
  };
}

export type HostUnits = { readonly pageBytes: number; readonly msPerTick: number };

const AT_PAGE_SIZE = 6;
const AT_CLOCK_TICKS = 17;

/** What the kernel tells every program about itself (getauxval(3)): pairs of 64-bit numbers. */
export function hostUnits(): HostUnits {
  const told = new Map<number, number>();
  try {
    const pairs = readFileSync("/proc/self/auxv");
    for (let at = 0; at + 16 <= pairs.length; at += 16)
      told.set(Number(pairs.readBigUInt64LE(at)), Number(pairs.readBigUInt64LE(at + 8)));
  } catch {
    // Not Linux, or a /proc that hides it: nearly everywhere it is these.
  }
  return { pageBytes: told.get(AT_PAGE_SIZE) ?? 4_096, msPerTick: 1_000 / (told.get(AT_CLOCK_TICKS) ?? 100) };
}
