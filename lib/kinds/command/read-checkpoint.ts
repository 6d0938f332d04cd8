import { relative, resolve } from "node:path";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { addFolder, entryAt, readStart } from "../bounded";
import { isGlob, matchGlob } from "./glob";
import { describeJson, placeIn } from "./summary";

/** Bounds of one look: a checkpoint is described, never loaded. */
const READ_BYTES = 64 * 1024;
const MAX_ENTRIES = 2_000;
/** Of the files a pattern finds, so many are looked into. */
const MAX_READ_FILES = 50;

/** What a program of any kind keeps where its job says: a file, a folder, or the files a pattern finds. */
export function readCommandCheckpoint(cwd: string, checkpoint: string): CheckpointFacts {
  const path = resolve(cwd, checkpoint);
  const entry = entryAt(path);
  if (entry === null) return isGlob(checkpoint) ? readMatches(cwd, checkpoint) : { found: "none", path };
  if (entry.isSymbolicLink())
    return { found: "unreadable", path, problem: "it is a link, which is not followed" };
  if (entry.isDirectory()) return readFolder(path, entry.mtimeMs);
  // Opening a FIFO would hold up the whole process until somebody opens its other end.
  if (!entry.isFile()) return { found: "unreadable", path, problem: "it is neither a file nor a folder" };
  return readFile(path);
}

function readFile(path: string): CheckpointFacts {
  const file = readStart(path, READ_BYTES);
  if (file === null) return { found: "none", path };
  const { bytes, size } = file;
  const modifiedAt = Math.round(file.modifiedMs);
  if (size === 0) return { found: "empty", path, modifiedAt };
  const text = size <= READ_BYTES ? bytes.toString("utf8") : null;
  if (text !== null && isHollowJson(text)) return { found: "empty", path, modifiedAt };
  const summary = text === null ? null : describeJson(text);
  return {
    found: "data",
    path,
    bytes: size,
    modifiedAt,
    summary,
    place: text === null ? null : placeIn(text),
  };
}

/** `{}`, `[]` and `null` are how programs write "nothing yet". */
function isHollowJson(text: string): boolean {
  return /^\s*(\{\s*\}|\[\s*\]|null)?\s*$/.test(text);
}

/** Deep, because programs keep state in folders of folders; bounded, because some keep a million files. */
function readFolder(path: string, mtimeMs: number): CheckpointFacts {
  const sum = { bytes: 0, modifiedMs: mtimeMs, entriesLeft: MAX_ENTRIES };
  addFolder(path, sum);
  const { bytes } = sum;
  // Not looked through to its end: "empty" would be a guess, and what is empty may be cleaned.
  if (bytes === 0 && sum.entriesLeft === 0)
    return { found: "unreadable", path, problem: `its first ${MAX_ENTRIES} entries are all empty` };
  const modifiedAt = Math.round(sum.modifiedMs);
  const entries = MAX_ENTRIES - sum.entriesLeft;
  const count = sum.entriesLeft === 0 ? `${entries} entries or more` : `${entries} entries`;
  const summary = `a folder of ${entries === 1 ? "1 entry" : count}`;
  return bytes === 0
    ? { found: "empty", path, modifiedAt }
    : { found: "data", path, bytes, modifiedAt, summary };
}

function readMatches(cwd: string, pattern: string): CheckpointFacts {
  const path = resolve(cwd, pattern);
  const { paths, whole } = matchGlob(cwd, pattern, MAX_ENTRIES);
  const looked = paths.slice(0, MAX_READ_FILES).map((file) => readOne(file));
  const there = looked.filter((facts) => facts.found !== "none");
  const withData = there.filter((facts) => facts.found === "data");
  if (withData.length > 0) {
    const bytes = withData.reduce((sum, facts) => sum + facts.bytes, 0);
    const place = latest(withData)?.place ?? null;
    return {
      found: "data",
      path,
      bytes,
      modifiedAt: newest(withData),
      summary: told(cwd, paths, withData),
      place,
    };
  }
  const broken = there.find((facts) => facts.found === "unreadable");
  if (broken !== undefined) return { ...broken, problem: `${broken.path}: ${broken.problem}`, path };
  if (!whole || paths.length > MAX_READ_FILES)
    return { found: "unreadable", path, problem: "it matches more than can be looked through" };
  return there.length === 0 ? { found: "none", path } : { found: "empty", path, modifiedAt: newest(there) };
}

function readOne(path: string): CheckpointFacts {
  const entry = entryAt(path);
  if (entry === null) return { found: "none", path };
  return entry.isDirectory() ? readFolder(path, entry.mtimeMs) : readFile(path);
}

function newest(all: readonly CheckpointFacts[]): number {
  return Math.max(...all.map((facts) => ("modifiedAt" in facts ? facts.modifiedAt : 0)));
}

type WithData = CheckpointFacts & { readonly found: "data" };

function latest(withData: readonly WithData[]): WithData | undefined {
  return [...withData].sort((a, b) => newest([b]) - newest([a]))[0];
}

function told(cwd: string, paths: readonly string[], withData: readonly WithData[]): string {
  const first = latest(withData);
  const matched = paths.length === 1 ? "1 file matches" : `${paths.length.toLocaleString("en")} files match`;
  if (first === undefined) return matched;
  const holds = first.summary === null ? "" : `: ${first.summary}`;
  return `${matched}, the newest with data is ${relative(cwd, first.path)}${holds}`;
}
