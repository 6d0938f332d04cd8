import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  renameSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { CheckpointFacts } from "@/lib/domain/recovery";

/** Bounds of one look: a checkpoint is described, never loaded. */
const READ_BYTES = 64 * 1024;
const MAX_ENTRIES = 2_000;

/** Looks at a job's checkpoint file or folder. Never throws: what cannot be read is a finding. */
export function readCheckpoint(cwd: string, checkpoint: string | null): CheckpointFacts {
  if (checkpoint === null) return { found: "none", path: null };
  const path = resolve(cwd, checkpoint);
  try {
    const entry = lstatSync(path);
    if (entry.isSymbolicLink())
      return { found: "unreadable", path, problem: "it is a link, which is not followed" };
    if (entry.isDirectory()) return readFolder(path, entry.mtimeMs);
    // Opening a FIFO would hold up the whole process until somebody opens its other end.
    if (!entry.isFile()) return { found: "unreadable", path, problem: "it is neither a file nor a folder" };
    return readFile(path);
  } catch (error) {
    if (isMissing(error)) return { found: "none", path };
    return { found: "unreadable", path, problem: error instanceof Error ? error.message : String(error) };
  }
}

function readFile(path: string): CheckpointFacts {
  const file = openSync(path, "r");
  try {
    const { size, mtimeMs } = fstatSync(file);
    const modifiedAt = Math.round(mtimeMs);
    if (size === 0) return { found: "empty", path, modifiedAt };
    const buffer = Buffer.alloc(Math.min(size, READ_BYTES));
    readSync(file, buffer, 0, buffer.length, 0);
    if (size <= READ_BYTES && isHollowJson(buffer.toString("utf8")))
      return { found: "empty", path, modifiedAt };
    return { found: "data", path, bytes: size, modifiedAt, summary: null };
  } finally {
    closeSync(file);
  }
}

/** `{}`, `[]` and `null` are how programs write "nothing yet". */
function isHollowJson(text: string): boolean {
  return /^\s*(\{\s*\}|\[\s*\]|null)?\s*$/.test(text);
}

type FolderFacts = { bytes: number; modifiedMs: number; entriesLeft: number };

/** Deep, because Crawlee and Scrapy keep their state in folders of folders; bounded, because some keep a million files. */
function readFolder(path: string, mtimeMs: number): CheckpointFacts {
  const facts: FolderFacts = { bytes: 0, modifiedMs: mtimeMs, entriesLeft: MAX_ENTRIES };
  addFolder(path, facts);
  const { bytes } = facts;
  // Not looked through to its end: "empty" would be a guess, and what is empty may be cleaned.
  if (bytes === 0 && facts.entriesLeft === 0)
    return { found: "unreadable", path, problem: `its first ${MAX_ENTRIES} entries are all empty` };
  const modifiedAt = Math.round(facts.modifiedMs);
  return bytes === 0
    ? { found: "empty", path, modifiedAt }
    : { found: "data", path, bytes, modifiedAt, summary: null };
}

function addFolder(path: string, facts: FolderFacts): void {
  const folder = opendirSync(path);
  try {
    while (facts.entriesLeft > 0) {
      const entry = folder.readSync();
      if (entry === null) return;
      facts.entriesLeft -= 1;
      addEntry(join(path, entry.name), facts);
    }
  } finally {
    folder.closeSync();
  }
}

/** A live program renames and removes files all the time: one that is gone again is no finding. */
function addEntry(path: string, facts: FolderFacts): void {
  try {
    const entry = lstatSync(path);
    facts.modifiedMs = Math.max(facts.modifiedMs, entry.mtimeMs);
    if (entry.isFile()) facts.bytes += entry.size;
    if (entry.isDirectory()) addFolder(path, facts);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}

/** Makes room for a fresh start: what is there is kept beside it under the new run's name. */
export function moveCheckpointAside(cwd: string, checkpoint: string | null, runId: string): void {
  if (checkpoint === null) return;
  const path = resolve(cwd, checkpoint);
  if (existsSync(path)) renameSync(path, `${path}.before-${runId}`);
}
