/** What the launcher's own exit told us, while we were its parent. */
export type LauncherExit = { readonly code: number | null; readonly signal: string | null };

/** How a launcher is to be started. */
export type LauncherOrder = {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Both of its streams: the open log, and by what name it was opened. */
  readonly log: { readonly descriptor: number; readonly path: string };
  /** The place reserved for the exit record (`recordPlace`): what starts the launcher may put it on the disk for it. */
  readonly record: string;
  /** Asked right before anything is started or ordered, perhaps more than once: a run that was given up is not launched. */
  readonly isGivenUp: () => boolean;
  /** Called when the launcher ends, at once or in days; never, if what started it has ended before. */
  readonly onExit: (exit: LauncherExit) => void;
};

/** What is known of a launcher that was to be started. */
export type StartedLauncher = {
  /** Whether there is one, or may be. */
  came: boolean;
  exit: LauncherExit | null;
  /** Why there is none, or, where it came, why its exit will not be told. May become known later. */
  problem: string | null;
};

/**
 * Starts a launcher. Resolves when it runs /bin/sh, so that it can be found by its marker, or when it is certain that it never will; what it
 * resolves with changes when more is known. Throws only where nothing was started.
 */
export type Spawner = (order: LauncherOrder) => Promise<Readonly<StartedLauncher>>;

export const GIVEN_UP = "the run was given up before its launcher came";

export function notStarted(problem: string): StartedLauncher {
  return { came: false, exit: null, problem };
}
