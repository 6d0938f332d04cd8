import { createHash } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

export type PidFileContent =
  | { readonly is: "missing" }
  | { readonly is: "refused"; readonly why: string }
  | { readonly is: "garbage"; readonly why: string }
  | { readonly is: "pid"; readonly pid: number; readonly writtenAt: number };

/** Nobody's pid file is longer; one that is tells nothing. */
const READ_BYTES = 4_096;
/** The kernel's own upper bound for a pid (PID_MAX_LIMIT). */
const HIGHEST_PID = 4_194_304;

/** Reads a pid file whatever stands in its place: a link is not followed, a FIFO does not block, a huge file is not read. */
export function readPidFile(path: string): PidFileContent {
  const entry = entryOf(path);
  if (entry === null) return { is: "missing" };
  if (typeof entry === "string") return { is: "refused", why: entry };
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return readOpen(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { is: "missing" };
    return { is: "refused", why: `it cannot be read (${codeOf(error)})` };
  }
}

/** What stands there: a plain file, nothing (null), or why it is refused. */
function entryOf(path: string): true | null | string {
  try {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return null;
    if (entry.isSymbolicLink()) return "it is a link, which is never followed";
    if (entry.isDirectory()) return "it is a folder";
    return entry.isFile() ? true : "it is not a plain file";
  } catch (error) {
    return `it cannot be looked at (${codeOf(error)})`;
  }
}

function readOpen(descriptor: number): PidFileContent {
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) return { is: "refused", why: "it is not a plain file" };
  if (stat.size > READ_BYTES) return { is: "garbage", why: `it has ${stat.size} bytes` };
  const buffer = Buffer.alloc(READ_BYTES);
  const text = buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, READ_BYTES, 0));
  if (text.trim() === "") return { is: "garbage", why: "it is empty" };
  return parsePid(text, stat.mtimeMs);
}

/** The first word is the pid; what stands behind it (a host's name, further lines) is other programs' business. */
function parsePid(text: string, writtenAt: number): PidFileContent {
  const word = /^\s*(\d+)(?=\s|$)/.exec(text)?.[1];
  const pid = Number(word);
  if (word === undefined) return { is: "garbage", why: `it does not begin with a pid: ${shortened(text)}` };
  if (pid <= 1 || pid > HIGHEST_PID) return { is: "garbage", why: `${shortened(word)} is no program's pid` };
  return { is: "pid", pid, writtenAt };
}

function shortened(text: string): string {
  return JSON.stringify(text.trim().slice(0, 40));
}

/** Why no pid file could be written there, null when one could. */
export function folderProblem(path: string): string | null {
  const folder = dirname(path);
  try {
    if (!statSync(folder).isDirectory()) return `${folder} is not a folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return `its folder ${folder} is not there`;
    return `its folder ${folder} cannot be written to (${codeOf(error)})`;
  }
}

/** Whole or not at all, and never through a link: written beside and renamed. Throws what the file system says. */
export function writePidFile(path: string, pid: number): void {
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const beside = join(dirname(path), `.unstuck-${name}.pid`);
  const descriptor = openNew(beside);
  try {
    writeSync(descriptor, `${pid}\n`);
    // Whatever the umask is: other programs are to read it.
    fchmodSync(descriptor, 0o644);
  } finally {
    closeSync(descriptor);
  }
  renameSync(beside, path);
}

function openNew(path: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  try {
    return openSync(path, flags, 0o644);
  } catch (error) {
    // Left by a dashboard that died in between; there is never more than one.
    if (codeOf(error) !== "EEXIST") throw error;
    unlinkSync(path);
    return openSync(path, flags, 0o644);
  }
}

/** Removes a pid file that still names this pid. @returns whether it did */
export function removePidFile(path: string, pid: number | null): boolean {
  const content = readPidFile(path);
  const same = content.is === "pid" ? content.pid === pid : content.is === "garbage" && pid === null;
  if (!same) return false;
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error);
}
