import { AppError, isAppError } from "./errors";
import type { StateFacts } from "./recovery";

/**
 * Reads and the few writes on paths that other people own: checkpoints, working folders, pid files. Such a path may lie on a disk or
 * server that does not answer, so nothing here happens on the event loop (docs/decisions/0020-foreign-paths.md).
 * Paths are absolute. Every call may throw PATH_NOT_ANSWERING (`isNotAnswering`), or an Error with the system's `code`.
 */
export type Files = {
  /** What stands there itself, a link included; null: nothing. @param readBytes of a plain file its first so many bytes, too */
  look(path: string, readBytes?: number): Promise<Look | null>;
  /** The same for many, in order; fails when one of them fails. */
  looks(paths: readonly string[], readBytes?: number): Promise<readonly (Look | null)[]>;
  /** The same for many that have nothing to do with each other: a failure of one is its own. */
  survey(paths: readonly string[]): Promise<readonly (Look | null | Error)[]>;
  /** The names in a folder; none when it is gone, or is no folder but a link to one. */
  names(path: string, max: number): Promise<Names>;
  /** The same with what each of them is. */
  list(path: string, max: number, readBytes?: number): Promise<Listing>;
  /** Adds up everything below a folder; links are not followed. */
  walk(path: string, bounds: WalkBounds): Promise<Walk>;
  /** The files and folders a pattern names, sorted; see glob.ts. */
  glob(pattern: string, maxEntries: number): Promise<Matches>;
  /** What is behind each path, links followed. */
  behind(paths: readonly string[]): Promise<readonly Behind[]>;
  /** The path with all links followed; null: nothing is there. */
  real(path: string): Promise<string | null>;
  /** The same, if no user but root and this process's own could make any step of it lead elsewhere; null: one could, or nothing is there. */
  guarded(path: string): Promise<string | null>;
  /**
   * Moves up to so many entries of a folder into one below it, whose name is given; what was set aside there before stays. Called again
   * until none is left; until then that folder's name ends in `.part`. @returns whether none is left
   */
  setAside(folder: string, name: string, maxEntries: number): Promise<boolean>;
  /** Undoes up to so many moves of a `setAside` that was cut off; nothing where there is none. @returns whether none is left */
  putBack(folder: string, maxEntries: number): Promise<boolean>;
  /** Whether a `setAside` in this folder was cut off; no where it is no folder. */
  hasPart(folder: string): Promise<boolean>;
  /** Renames what is there of these, and stops at the first failure. */
  rename(pairs: readonly (readonly [from: string, to: string])[]): Promise<void>;
  /** Puts a small text file there, whole or not at all, never through a link. @param beside the name it is written under first */
  replace(path: string, beside: string, text: string, mode: number): Promise<void>;
  /** Removes a file that is still so long and begins with this text. @returns whether it did */
  unlinkIf(path: string, text: string, size: number): Promise<boolean>;
  /** Makes a folder, for its owner alone, and those above it; one that is there stays as it is. */
  makeFolder(path: string): Promise<void>;
  /**
   * Removes up to so many entries below a folder, also what the owner of that has closed to itself, and what lies deeper than any path reaches.
   * @returns whether none is left
   */
  clear(path: string, maxEntries: number): Promise<boolean>;
  /** Removes up to so many entries below and, when none is left, the path itself; links are removed, not followed. @returns whether it is gone */
  remove(path: string, maxEntries: number): Promise<boolean>;
};

/** What a user of this host may do to files: each has what is theirs opened by a process of their own rights, so that no link of theirs leads further. */
export type FilesOf = {
  /** With the dashboard's own rights: for what belongs to the dashboard, or to no job. */
  readonly own: Files;
  /**
   * With the rights of the user a job runs as. @param user null: the dashboard's own. Its calls throw RUN_AS_UNKNOWN where this host has no such
   * user, and RUN_AS_NOT_ALLOWED where the dashboard may not become that one
   */
  as(user: string | null): Files;
  /** Whether that user is whom the dashboard runs as. */
  isOwn(user: string): boolean;
  /** Who that is; throws as its files do. */
  account(user: string): Promise<Account>;
};

/** As the host's user database has it. */
export type Account = {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string | null;
};

export type EntryKind = "file" | "folder" | "link" | "other";
export type Entry = {
  readonly kind: EntryKind;
  readonly size: number;
  readonly modifiedMs: number;
  readonly inode: number;
};
/** `bytes`: of a plain file, when they were asked for. */
export type Look = Entry & { readonly bytes?: Uint8Array };
export type Names = { readonly names: readonly string[]; readonly more: boolean };
export type Listing = {
  readonly entries: readonly (Look & { readonly name: string })[];
  readonly more: boolean;
};
export type WalkBounds = { readonly entries: number; readonly perFolder: number };
export type Walk = {
  readonly entries: number;
  readonly bytes: number;
  readonly newestMs: number;
  /** False when there is more than was looked at. */
  readonly whole: boolean;
  /** It ended early because the disk is slow, so another walk may see more or less. */
  readonly late: boolean;
};
export type Matches = {
  readonly found: readonly (Entry & { readonly path: string })[];
  readonly whole: boolean;
};
/** `executes`, `writes`: whether this process may; of a folder, `executes` means entering it. */
export type Behind =
  | {
      readonly kind: EntryKind;
      readonly executes: boolean;
      readonly writes: boolean;
      readonly device: number;
      readonly inode: number;
    }
  | { readonly failed: string };

/** @param hangsAt the mount point that hangs, where it is known */
export function notAnswering(path: string, withinMs: number, hangsAt: string | null): AppError {
  const behind = hangsAt === null || hangsAt === path ? "" : ` (${hangsAt} hangs)`;
  const message = `${path} did not answer within ${withinMs / 1_000} s${behind}. The disk or server behind it has to answer first; then try again. Nothing was changed.`;
  return new AppError("PATH_NOT_ANSWERING", message, { path, hangsAt, withinMs });
}

/** Why nothing can go on from a checkpoint that does not answer, or be put in its place; null: it was read. */
export function notAnsweringState(state: StateFacts): AppError | null {
  if (state.found !== "unanswered") return null;
  const { path, problem } = state;
  const message = `The checkpoint ${path} ${problem}. Nothing was started. The disk or server behind it has to answer first; then try again.`;
  return new AppError("PATH_NOT_ANSWERING", message, { path });
}

export function isNotAnswering(error: unknown): error is AppError {
  return isAppError(error) && error.code === "PATH_NOT_ANSWERING";
}

/** As part of a sentence, or of evidence. */
export function unansweredWords({ details }: AppError): string {
  const { path, hangsAt, withinMs } = details;
  const behind = typeof hangsAt === "string" && hangsAt !== path ? ` (${hangsAt} hangs)` : "";
  return `did not answer within ${Number(withinMs) / 1_000} s${behind}`;
}
