import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * One run's own cgroup, by its folder. Whatever is in it is the run's: a process gets in only by being
 * started there.
 */
export type GroupFolder = string;

/** How the folder of all groups of one dashboard is called. */
export const HOME_PREFIX = "unstuck-";

/** The pids in it; none when it is gone. Groups that a program made below it are not looked into. */
export function pidsIn(group: GroupFolder): ReadonlySet<number> {
  let text = "";
  try {
    // Any number of lines, unlike the other files.
    text = readFileSync(join(group, "cgroup.procs"), "latin1");
  } catch {
    // It is gone.
  }
  return new Set(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map(Number),
  );
}

/** Whether anybody lives in it or below it: the kernel's own word, without a scan. */
export function isInhabited(group: GroupFolder): boolean {
  return numberAfter(readOrNull(join(group, "cgroup.events")), "populated") === 1;
}

/**
 * Kills everybody in it and below it in one step that no fork can slip through (Linux 5.14).
 * @returns false when it cannot be done here, or it was empty
 */
export function killGroup(group: GroupFolder): boolean {
  return isInhabited(group) && writeInto(join(group, "cgroup.kill"), "1");
}

/** Processor time of everybody who was ever in it, in milliseconds. */
export function cpuMsOf(group: GroupFolder): number | null {
  const microseconds = numberAfter(readOrNull(join(group, "cpu.stat")), "usage_usec");
  return microseconds === null ? null : Math.round(microseconds / 1_000);
}

/** Bytes in use now and at most; null without the memory controller. `peak` came with Linux 5.19. */
export function memoryOf(group: GroupFolder): { readonly now: number; readonly peak: number | null } | null {
  const now = numberIn(join(group, "memory.current"));
  return now === null ? null : { now, peak: numberIn(join(group, "memory.peak")) };
}

/** How often the kernel killed a process in it because the group was over its limit. */
export function oomKillsIn(group: GroupFolder): number {
  return numberAfter(readOrNull(join(group, "memory.events")), "oom_kill") ?? 0;
}

/**
 * Removes an empty group, and with the last one the folder of all: nothing is left of a dashboard without runs. One that
 * is not empty stays, and is tried again at the next start. Never throws.
 */
export async function removeGroup(group: GroupFolder): Promise<void> {
  for (const folder of [group, dirname(group)]) {
    try {
      if (folder === group || basename(folder).startsWith(HOME_PREFIX)) await rmdir(folder);
    } catch {
      // Not there any more, or not empty.
    }
  }
}

/** Never creates: outside of the cgroup file system there is no such file. */
export function writeInto(file: string, text: string): boolean {
  try {
    const descriptor = openSync(file, "r+");
    try {
      writeSync(descriptor, text);
      return true;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}

/** `name 123`, one a line. */
export function numberAfter(text: string | null, name: string): number | null {
  const line = text?.split("\n").find((one) => one.startsWith(`${name} `));
  const value = Number(line?.slice(name.length + 1));
  return line === undefined || !Number.isFinite(value) ? null : value;
}

function numberIn(file: string): number | null {
  const text = readOrNull(file)?.trim() ?? "";
  return /^\d+$/.test(text) ? Number(text) : null;
}

const buffer = Buffer.allocUnsafe(4_096);

/** A short file, read into the same bytes each time: a thousand runs are looked at every few seconds. */
function readOrNull(file: string): string | null {
  try {
    const descriptor = openSync(file, "r");
    try {
      return buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
