import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "./until";

/** The tiny programs of test/programs, each named by what it does. */
export type Program =
  | "appends-for-ever"
  | "clears-environment"
  | "double-forks"
  | "ends-slowly"
  | "enters-journal"
  | "exits-when-told"
  | "exits-with"
  | "forever"
  | "forks-setsid-grandchild"
  | "ignores-term"
  | "keeps-forking"
  | "keeps-journal"
  | "kills-itself"
  | "lasts"
  | "leaves-children"
  | "prints-environment"
  | "saves-state"
  | "saves-when-asked"
  | "speaks-once"
  | "stops-itself"
  | "writes-bytes"
  | "writes-lines"
  | "writes-numbers"
  | "writes-until-full";

/** A job's argv. */
export function program(name: Program, ...args: (string | number)[]): string[] {
  return [join(import.meta.dirname, "programs", name), ...args.map(String)];
}

/** Makes a FIFO, by which a test tells a program when and how to end. */
export function makeFifo(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  execFileSync("mkfifo", [path]);
  return path;
}

/** Writes to a FIFO once somebody has it open for reading; never blocks on one nobody reads. */
export async function tell(fifo: string, text: string | number): Promise<void> {
  const file = await until(`somebody reads ${fifo}`, () => openOrNull(fifo));
  writeSync(file.descriptor, `${text}\n`);
  closeSync(file.descriptor);
}

function openOrNull(fifo: string): { descriptor: number } | null {
  try {
    return { descriptor: openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK) };
  } catch {
    return null;
  }
}
