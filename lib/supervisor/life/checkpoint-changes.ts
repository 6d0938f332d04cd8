import { lstatSync, opendirSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunSpec } from "@/lib/domain/job";
import { isGlob, matchGlob } from "@/lib/kinds/command/glob";

/** A checkpoint as it looked last; null looks: nothing was there, or nobody has looked. */
export type CheckpointState = {
  readonly path: string | null;
  /** The files of a pattern are looked at like those of a folder. */
  readonly glob: string | null;
  look: string | null;
  /** The look of everything below a folder, which a deep walk alone finds. */
  deepLook: string | null;
  isFolder: boolean;
  /** Monotonic time of the last deep walk. */
  walkedAt: number;
};

/** Bounds of one deep walk. */
export const MAX_ENTRIES = 2_000;
/** So that one huge folder does not use up what is there for its neighbours. */
const MAX_ENTRIES_PER_FOLDER = 500;
export const WALK_EVERY_MS = 30_000;
const MAX_WALK_MS = 50;
const SLICE_MS = 2;
/** Looked at in one go. */
const MAX_GLOB_ENTRIES = 500;
const NO_LOOK = { ino: 0, size: 0, mtimeMs: 0 };

export function checkpointState({ cwd, checkpoint }: Pick<RunSpec, "cwd" | "checkpoint">): CheckpointState {
  const path = checkpoint === null ? null : resolve(cwd, checkpoint);
  const glob = path !== null && isGlob(path) ? path : null;
  const state = {
    path,
    glob,
    look: null,
    deepLook: null,
    isFolder: false,
    walkedAt: Number.NEGATIVE_INFINITY,
  };
  // As it is before the program starts: what a run before it left is no sign of life of this one.
  checkpointChanged(state);
  return state;
}

/** A look from outside: the file, or the folder without what is below it. True when it is there and looks different. */
export function checkpointChanged(state: CheckpointState): boolean {
  const entry = state.path === null ? null : entryAt(state.path);
  state.isFolder = entry?.isDirectory() ?? false;
  const look = entry !== null && (entry.isFile() || state.isFolder) ? lookOf(entry) : null;
  const changed = look !== null && look !== state.look;
  // Of a checkpoint that is moved aside and written anew, the gap in between is not remembered.
  state.look = look ?? state.look;
  return changed;
}

export function walkIsDue({ isFolder, glob, walkedAt }: CheckpointState): boolean {
  return (isFolder || glob !== null) && performance.now() - walkedAt >= WALK_EVERY_MS;
}

/**
 * Looks below a checkpoint folder, for programs that keep files in folders of folders. Bounded in entries and time, and it lets
 * others have their turn; links are not followed. True when something changed since the last walk.
 */
export async function checkpointChangedBelow(state: CheckpointState): Promise<boolean> {
  if (state.path === null || !(state.isFolder || state.glob !== null)) return false;
  state.walkedAt = performance.now();
  const look = state.isFolder || state.glob === null ? await walk(state.path) : lookAtGlob(state.glob);
  const changed = state.deepLook !== null && look !== state.deepLook;
  state.deepLook = look;
  return changed;
}

async function walk(root: string): Promise<string> {
  const folders = [root];
  const sum = { entries: 0, bytes: 0, newestMs: 0 };
  let workedMs = 0;
  // Breadth first: state files stand near the top, items far below.
  for (let at = 0; at < folders.length && sum.entries < MAX_ENTRIES && workedMs < MAX_WALK_MS; ) {
    const began = performance.now();
    while (at < folders.length && sum.entries < MAX_ENTRIES && performance.now() - began < SLICE_MS) {
      addFolder(folders[at] ?? root, folders, sum);
      at += 1;
    }
    workedMs += performance.now() - began;
    await nextTurn();
  }
  return `${sum.entries} ${sum.bytes} ${sum.newestMs}`;
}

function addFolder(
  path: string,
  folders: string[],
  sum: { entries: number; bytes: number; newestMs: number },
): void {
  try {
    const folder = opendirSync(path);
    try {
      for (let left = MAX_ENTRIES_PER_FOLDER; left > 0 && sum.entries < MAX_ENTRIES; left -= 1) {
        const name = folder.readSync()?.name;
        if (name === undefined) return;
        const entry = entryAt(join(path, name));
        if (entry === null) continue;
        sum.entries += 1;
        if (entry.isFile()) sum.bytes += entry.size;
        if (entry.isDirectory()) folders.push(join(path, name));
        if (!entry.isSymbolicLink()) sum.newestMs = Math.max(sum.newestMs, entry.mtimeMs);
      }
    } finally {
      folder.closeSync();
    }
  } catch {
    // Removed meanwhile, or not ours to read.
  }
}

function lookAtGlob(pattern: string): string {
  try {
    const { paths } = matchGlob("/", pattern, MAX_GLOB_ENTRIES);
    return paths.map((path) => `${path} ${lookOf(entryAt(path) ?? NO_LOOK)}`).join("\n");
  } catch {
    return "";
  }
}

function lookOf({ ino, size, mtimeMs }: { ino: number; size: number; mtimeMs: number }): string {
  return `${ino} ${size} ${mtimeMs}`;
}

function entryAt(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    // A folder above it that may not be entered, or a file where a folder was.
    return null;
  }
}
