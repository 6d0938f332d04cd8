import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import { below, Hung, real, touch } from "./where.mjs";

/** What is read for lib/domain/files.ts, which says what each of these does. */

/** @typedef {{ kind: "file" | "folder" | "link" | "other", size: number, modifiedMs: number, inode: number }} Entry */

/** What a fresh start sets aside within a folder, finished or not; aside.mjs. @param {string} name */
export function isSetAside(name) {
  return /^\.before-run_[0-9a-z]+(\.part)?$/.test(name);
}

/** Monotonic time by which a long look has to end, so that a slow disk is not taken for one that hangs. */
let enoughAt = Number.POSITIVE_INFINITY;

/** @param {number} ms */
export function endWithin(ms) {
  enoughAt = performance.now() + ms;
}

export const isEnough = () => performance.now() > enoughAt;

/**
 * @template Value
 * @param {readonly string[]} codes
 * @param {() => Value} work
 * @returns {Value | null} null: it failed with one of these
 */
export function unless(codes, work) {
  try {
    return work();
  } catch (error) {
    if (codes.includes(codeOf(error))) return null;
    throw error;
  }
}

/** @param {unknown} error */
export function codeOf(error) {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** @param {import("node:fs").Stats} stats @returns {Entry} */
function toEntry(stats) {
  const { size, mtimeMs, ino } = stats;
  return { kind: kindOf(stats), size, modifiedMs: mtimeMs, inode: ino };
}

/** @param {import("node:fs").Stats} stats */
function kindOf(stats) {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** @param {string} at a real path @returns {Entry | null} */
export function entryAt(at) {
  const stats = lstatSync(at, { throwIfNoEntry: false });
  return stats === undefined ? null : toEntry(stats);
}

/**
 * A link, a FIFO or a device is never opened for reading.
 * @param {string} at a real path
 * @param {Entry | null} entry
 * @param {number} max bytes
 * @returns {(Entry & { bytes?: Uint8Array }) | null}
 */
function withBytes(at, entry, max) {
  if (max === 0 || entry?.kind !== "file") return entry;
  // NONBLOCK: should a FIFO take its place between look and opening, opening it does not wait for a writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = unless(["ENOENT", "ELOOP"], () => openSync(at, flags));
  if (file === null) return null;
  try {
    const now = toEntry(fstatSync(file));
    const buffer = Buffer.alloc(Math.min(now.size, max));
    const read = readSync(file, buffer, 0, buffer.length, 0);
    return { ...now, bytes: buffer.subarray(0, read) };
  } finally {
    closeSync(file);
  }
}

/** @param {string} path @param {number} max */
export function look(path, max) {
  return unless(["ENOENT"], () => {
    const [at] = real(path, false);
    return withBytes(at, entryAt(at), max);
  });
}

/** @param {string} path @returns {string | null} */
export function realPath(path) {
  const [at] = real(path, true);
  return entryAt(at) === null ? null : at;
}

/** @param {readonly string[]} paths */
export function survey(paths) {
  return paths.map((path) => {
    try {
      return look(path, 0);
    } catch (error) {
      if (error instanceof Hung) return { hangsAt: error.hangsAt };
      return { code: codeOf(error), message: String(error) };
    }
  });
}

/** @param {string} at a real path @param {number} max */
export function namesAt(at, max) {
  /** @type {string[]} */
  const names = [];
  if (entryAt(at)?.kind !== "folder") return { names, more: false };
  const folder = unless(["ENOENT"], () => opendirSync(at));
  if (folder === null) return { names, more: false };
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (names.length === max || isEnough()) return { names, more: true };
      names.push(entry.name);
    }
    return { names, more: false };
  } finally {
    folder.closeSync();
  }
}

/** @param {string} path @param {number} max @param {number} readBytes */
export function list(path, max, readBytes) {
  const [at, mount] = real(path, false);
  const { names, more } = namesAt(at, max);
  const entries = [];
  for (const name of names) {
    const its = below(at, name);
    touch(its, mount);
    const entry = withBytes(its, entryAt(its), readBytes);
    if (entry !== null) entries.push({ name, ...entry });
    if (isEnough()) return { entries, more: true };
  }
  return { entries, more };
}

/** @param {string} path @param {{ entries: number, perFolder: number }} bounds */
export function walk(path, bounds) {
  const sum = { entries: 0, bytes: 0, newestMs: 0, whole: true, late: false };
  const top = real(path, false);
  const folders = [top];
  // Breadth first: state files stand near the top, items far below.
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    const [at, mount] = next;
    const room = Math.min(bounds.perFolder, bounds.entries - sum.entries);
    // Below the top, what was removed meanwhile or is not ours to read counts for nothing.
    const found = unless(sum.entries === 0 ? [] : ["EACCES", "ENOTDIR"], () => namesAt(at, room));
    if (found?.more) sum.whole = false;
    for (const name of found?.names ?? []) {
      // What a fresh start has set aside in a folder that cannot be renamed is none of what is there now.
      if (at === top[0] && isSetAside(name) && !name.endsWith(".part")) continue;
      const its = below(at, name);
      const itsMount = touch(its, mount);
      const entry = unless(["EACCES", "ENOTDIR"], () => entryAt(its));
      if (entry === null) continue;
      sum.entries += 1;
      if (entry.kind === "file") sum.bytes += entry.size;
      if (entry.kind === "folder") folders.push([its, itsMount]);
      if (entry.kind !== "link") sum.newestMs = Math.max(sum.newestMs, entry.modifiedMs);
    }
    sum.late = isEnough();
    if (folders.length > 0 && (sum.late || sum.entries >= bounds.entries)) return { ...sum, whole: false };
  }
  return sum;
}

/** @param {readonly string[]} paths */
export function behind(paths) {
  return paths.map((path) => {
    try {
      const [at] = real(path, true);
      const stats = statSync(at);
      const may = (/** @type {number} */ mode) =>
        unless(["EACCES", "EROFS", "EPERM"], () => accessSync(at, mode));
      return {
        kind: kindOf(stats),
        executes: may(constants.X_OK) !== null,
        writes: may(constants.W_OK | constants.X_OK) !== null,
        device: stats.dev,
        inode: stats.ino,
      };
    } catch (error) {
      if (error instanceof Hung) throw error;
      return { failed: codeOf(error) };
    }
  });
}
