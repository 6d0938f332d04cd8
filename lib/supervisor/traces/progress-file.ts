import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { type ProgressReport, readReport } from "@/lib/domain/progress";

/** What is known of a run's progress file: the look of it when it was last read. */
export type ProgressFileState = { seen: string | null; rereads: number };

export const MAX_PROGRESS_BYTES = 64 * 1024;

/** File times have steps of some milliseconds: within one step a file may change twice and look the same. */
const TIME_STEP_MS = 20;
/** A file that was half-written may get its other half within the same step; it is read again this often. */
const REREADS = 3;

/** `again`: it looks as it did when it was read before; only what is new in it counts. */
export type FoundReport = { readonly report: ProgressReport; readonly again: boolean };

/**
 * What the run has written to its progress file since the last look. A file that is not whole yet says nothing, and neither
 * does a link, a FIFO or a file too large: nothing of it is followed, waited for or loaded.
 * @param usersOwn only one that belongs to the owner of its folder, who is another than this process's user: a link of that one's to a file of someone
 *   else is not read
 * @param last read it however it looks
 * @returns null when there is nothing to read; an empty report is still a sign of life
 */
export function readProgressFile(
  path: string,
  usersOwn: boolean,
  state: ProgressFileState,
  last: boolean,
): FoundReport | null {
  const owner = usersOwn ? lstatSync(dirname(path)).uid : null;
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry?.isFile() || entry.size === 0 || entry.size > MAX_PROGRESS_BYTES) return null;
  const changed = lookOf(entry) !== state.seen;
  if (!changed && state.rereads === 0 && !last) return null;
  state.rereads = changed ? 0 : Math.max(0, state.rereads - 1);
  const found = readWhole(path, owner);
  if (found === null) return null;
  state.seen = found.look;
  const report = parse(found.text);
  if (changed && report === null) state.rereads = REREADS;
  else if (changed && found.young) state.rereads = 1;
  return report === null ? null : { report, again: !changed };
}

function lookOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}

function readWhole(
  path: string,
  owner: number | null,
): { text: string; look: string; young: boolean } | null {
  // NONBLOCK: if a FIFO has taken its place since the look, opening it does not block.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    const file = openSync(path, flags);
    try {
      const entry = fstatSync(file);
      if (!entry.isFile() || (owner !== null && entry.uid !== owner)) return null;
      const buffer = Buffer.allocUnsafe(MAX_PROGRESS_BYTES + 1);
      const length = readSync(file, buffer, 0, buffer.length, 0);
      if (length > MAX_PROGRESS_BYTES) return null;
      const young = Math.abs(Date.now() - entry.mtimeMs) < TIME_STEP_MS;
      return { text: buffer.toString("utf8", 0, length), look: lookOf(entry), young };
    } finally {
      closeSync(file);
    }
  } catch {
    // Renamed or removed between the look and the opening: the next look sees what came of it.
    return null;
  }
}

function parse(text: string): ProgressReport | null {
  try {
    const value: unknown = JSON.parse(text.trim());
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return readReport(value as Readonly<Record<string, unknown>>).report;
  } catch {
    return null;
  }
}
