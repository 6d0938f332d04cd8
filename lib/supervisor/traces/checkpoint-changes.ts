import { resolve } from "node:path";
import { type Files, isNotAnswering, type Look, unansweredWords, type Walk } from "@/lib/domain/files";
import type { RunSpec } from "@/lib/domain/job";
import { isGlob } from "@/lib/kinds/command/glob";

/** A checkpoint as it looked last; null looks: nothing was there, or it was never looked at. */
export type CheckpointState = {
  readonly path: string | null;
  /** The files of a pattern are looked at like those of a folder. */
  readonly glob: string | null;
  /** Whether there was a look at all: the first is what later ones are compared with. */
  looked: boolean;
  look: string | null;
  /** What everything below a folder adds up to, which a deep walk alone finds. */
  deepLook: Walk | null;
  isFolder: boolean;
  /** Monotonic time of the last deep walk. */
  walkedAt: number;
  /** While the disk or server it lies on does not answer: since when (epoch milliseconds), and in words. */
  unanswered: { readonly since: number; readonly words: string } | null;
};

/** Bounds of one deep walk; per folder, so that one huge folder does not use up what is there for its neighbours. */
const WALK = { entries: 2_000, perFolder: 500 };
export const WALK_EVERY_MS = 30_000;
const MAX_GLOB_ENTRIES = 500;

export function checkpointState({ cwd, checkpoint }: Pick<RunSpec, "cwd" | "checkpoint">): CheckpointState {
  const path = checkpoint === null ? null : resolve(cwd, checkpoint);
  return {
    path,
    glob: path !== null && isGlob(path) ? path : null,
    looked: false,
    look: null,
    deepLook: null,
    isFolder: false,
    walkedAt: Number.NEGATIVE_INFINITY,
    unanswered: null,
  };
}

/**
 * Before its program starts: what a run before it left is no sign of life of this one.
 * @throws AppError PATH_NOT_ANSWERING
 */
export async function firstLook(files: Files, state: CheckpointState, now: number): Promise<void> {
  if (state.path === null || state.looked) return;
  const [found = null] = await files.survey([state.path]);
  takeLook(state, found, now);
  if (isNotAnswering(found)) throw found;
}

/** What became of a look from outside: at the file, or the folder without what is below it. `again`: it did not answer before. */
export type Seen = "same" | "changed" | "again" | "unanswered";

/** @param now epoch milliseconds */
export function takeLook(state: CheckpointState, found: Look | null | Error, now: number): Seen {
  if (isNotAnswering(found)) {
    state.unanswered ??= { since: now, words: unansweredWords(found) };
    return "unanswered";
  }
  const again = state.unanswered !== null;
  state.unanswered = null;
  // A folder above it that may not be entered, or a file where a folder was, is as good as nothing there.
  const entry = found instanceof Error ? null : found;
  state.isFolder = entry?.kind === "folder";
  const look = entry !== null && (entry.kind === "file" || state.isFolder) ? lookOf(entry) : null;
  const changed = state.looked && look !== null && look !== state.look;
  state.looked = true;
  // Of a checkpoint that is moved aside and written again, the gap in between is not remembered.
  state.look = look ?? state.look;
  if (changed) return "changed";
  return again ? "again" : "same";
}

export function walkIsDue({ isFolder, glob, walkedAt }: CheckpointState): boolean {
  return (isFolder || glob !== null) && performance.now() - walkedAt >= WALK_EVERY_MS;
}

/**
 * Looks below a checkpoint folder, for programs that keep files in folders of folders. True when something changed since the last
 * walk. Never throws: what cannot be looked at has not changed.
 */
export async function checkpointChangedBelow(files: Files, state: CheckpointState): Promise<boolean> {
  if (state.path === null || !(state.isFolder || state.glob !== null)) return false;
  state.walkedAt = performance.now();
  const walk = await walkOf(files, state.isFolder ? state.path : null, state.glob);
  if (walk === null) return false;
  const changed = state.deepLook !== null && differs(state.deepLook, walk);
  state.deepLook = walk;
  return changed;
}

async function walkOf(files: Files, folder: string | null, glob: string | null): Promise<Walk | null> {
  try {
    if (folder !== null) return await files.walk(folder, WALK);
    return glob === null ? null : await lookAtGlob(files, glob);
  } catch {
    return null;
  }
}

async function lookAtGlob(files: Files, pattern: string): Promise<Walk> {
  const { found, whole } = await files.glob(pattern, MAX_GLOB_ENTRIES);
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  const newestMs = found.reduce((newest, { modifiedMs }) => Math.max(newest, modifiedMs), 0);
  return { entries: found.length, bytes, newestMs, whole, late: false };
}

/** Two walks that a slow disk has cut short need not have seen the same part. */
function differs(before: Walk, now: Walk): boolean {
  if (before.late || now.late) return now.newestMs > before.newestMs;
  return before.entries !== now.entries || before.bytes !== now.bytes || before.newestMs !== now.newestMs;
}

function lookOf({ inode, size, modifiedMs }: Look): string {
  return `${inode} ${size} ${modifiedMs}`;
}
