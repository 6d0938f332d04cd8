import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";

/**
 * How readers look at files that a program of somebody else writes: bounded, never through a link, and a file that is gone again
 * is no finding. Other failures are thrown, and `guarded` makes a finding of them.
 */

/** null when there is nothing (any more). */
export function entryAt(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (failedWith(error, "ENOENT")) return null;
    throw error;
  }
}

export type FileBytes = { readonly bytes: Buffer; readonly size: number; readonly modifiedMs: number };

/** The beginning of a plain file; null when there is none. A link, a FIFO or a device is never opened for reading. */
export function readStart(path: string, maxBytes: number): FileBytes | null {
  // NONBLOCK: should a FIFO take its place between look and opening, opening it waits for nobody.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  if (!entryAt(path)?.isFile()) return null;
  let file: number;
  try {
    file = openSync(path, flags);
  } catch (error) {
    if (failedWith(error, "ENOENT", "ELOOP")) return null;
    throw error;
  }
  try {
    const { size, mtimeMs } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const read = readSync(file, buffer, 0, buffer.length, 0);
    return { bytes: buffer.subarray(0, read), size, modifiedMs: mtimeMs };
  } finally {
    closeSync(file);
  }
}

export type Names = { readonly names: readonly string[]; readonly more: boolean };

/** The names in a folder, at most so many; none when it is gone, or is no folder but a link to one. */
export function namesIn(path: string, max: number): Names {
  if (!entryAt(path)?.isDirectory()) return { names: [], more: false };
  let folder: ReturnType<typeof opendirSync>;
  try {
    folder = opendirSync(path);
  } catch (error) {
    if (failedWith(error, "ENOENT")) return { names: [], more: false };
    throw error;
  }
  try {
    const names: string[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (names.length === max) return { names, more: true };
      names.push(entry.name);
    }
    return { names, more: false };
  } finally {
    folder.closeSync();
  }
}

export type FolderSum = { bytes: number; modifiedMs: number; entriesLeft: number };

/** Adds up what is in a folder, folders of folders too, until `entriesLeft` is used up. */
export function addFolder(path: string, sum: FolderSum): void {
  const { names } = namesIn(path, sum.entriesLeft);
  sum.entriesLeft -= names.length;
  for (const name of names) {
    const entry = entryAt(join(path, name));
    if (entry === null) continue;
    sum.modifiedMs = Math.max(sum.modifiedMs, entry.mtimeMs);
    if (entry.isFile()) sum.bytes += entry.size;
    if (entry.isDirectory() && sum.entriesLeft > 0) addFolder(join(path, name), sum);
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function failedWith(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === "object" && error !== null && "code" in error && codes.includes(String(error.code));
}
