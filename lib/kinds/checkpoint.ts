import { closeSync, fstatSync, lstatSync, opendirSync, openSync, readSync } from "node:fs";
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
    return entry.isDirectory() ? readFolder(path, entry.mtimeMs) : readFile(path);
  } catch (error) {
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT")
      return { found: "none", path };
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

function readFolder(path: string, mtimeMs: number): CheckpointFacts {
  const folder = opendirSync(path);
  let bytes = 0;
  let modifiedMs = mtimeMs;
  try {
    for (let count = 0; count < MAX_ENTRIES; count += 1) {
      const entry = folder.readSync();
      if (entry === null) break;
      const { size, mtimeMs: changed } = lstatSync(join(path, entry.name));
      if (entry.isFile()) bytes += size;
      modifiedMs = Math.max(modifiedMs, changed);
    }
  } finally {
    folder.closeSync();
  }
  const modifiedAt = Math.round(modifiedMs);
  return bytes === 0
    ? { found: "empty", path, modifiedAt }
    : { found: "data", path, bytes, modifiedAt, summary: null };
}
