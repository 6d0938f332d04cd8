import { relative, resolve } from "node:path";
import type { Files, Look } from "@/lib/domain/files";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import { textOf } from "../parse";
import { isGlob } from "./glob";
import { describeJson, placeIn } from "./summary";

/** Bounds of one look: a checkpoint is described, never loaded. */
const READ_BYTES = 64 * 1024;
const MAX_ENTRIES = 2_000;
/** Of the files a pattern finds, so many are looked into. */
const MAX_READ_FILES = 50;

/** What a program of any kind keeps where its job says: a file, a folder, or the files a pattern finds. */
export async function readCommandCheckpoint(
  files: Files,
  cwd: string,
  checkpoint: string,
): Promise<CheckpointFacts> {
  const path = resolve(cwd, checkpoint);
  const look = await files.look(path, READ_BYTES);
  return look === null && isGlob(checkpoint) ? readMatches(files, cwd, path) : readOne(files, path, look);
}

async function readOne(files: Files, path: string, look: Look | null): Promise<CheckpointFacts> {
  switch (look?.kind) {
    case undefined:
      return { found: "none", path };
    case "link":
      return { found: "unreadable", path, problem: "it is a link, which is not followed" };
    case "folder":
      return readFolder(files, path, look.modifiedMs);
    case "file":
      return describeFile(path, look);
    default:
      return { found: "unreadable", path, problem: "it is neither a file nor a folder" };
  }
}

function describeFile(path: string, { size, modifiedMs, bytes }: Look): CheckpointFacts {
  const modifiedAt = Math.round(modifiedMs);
  if (size === 0) return { found: "empty", path, modifiedAt };
  const text = size <= READ_BYTES && bytes !== undefined ? textOf(bytes) : null;
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
async function readFolder(files: Files, path: string, itsModifiedMs: number): Promise<CheckpointFacts> {
  const walk = await files.walk(path, { entries: MAX_ENTRIES, perFolder: MAX_ENTRIES });
  const { bytes, entries, whole } = walk;
  // Not looked through to its end: "empty" would be a guess, and what is empty may be cleaned.
  if (bytes === 0 && !whole)
    return { found: "unreadable", path, problem: `its first ${entries} entries are all empty` };
  const modifiedAt = Math.round(Math.max(walk.newestMs, itsModifiedMs));
  const count = whole ? `${entries} entries` : `${entries} entries or more`;
  const summary = `a folder of ${entries === 1 ? "1 entry" : count}`;
  return bytes === 0
    ? { found: "empty", path, modifiedAt }
    : { found: "data", path, bytes, modifiedAt, summary };
}

async function readMatches(files: Files, cwd: string, path: string): Promise<CheckpointFacts> {
  const { found, whole } = await files.glob(path, MAX_ENTRIES);
  const paths = found.map((entry) => entry.path);
  const first = paths.slice(0, MAX_READ_FILES);
  const looks = await files.looks(first, READ_BYTES);
  const looked = await Promise.all(first.map((each, at) => readOne(files, each, looks[at] ?? null)));
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
