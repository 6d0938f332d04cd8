/** What the launcher's own exit told us, while we were its parent. */
export type LauncherExit = { readonly code: number | null; readonly signal: string | null };

/** How a launcher is to be started. */
export type LauncherOrder = {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Both of its streams: the open log, and by what name it was opened. */
  readonly log: { readonly descriptor: number; readonly path: string };
  /** Called when the launcher ends, at once or in days; never, if what started it has ended before. */
  readonly onExit: (exit: LauncherExit) => void;
};

/** What is known of a launcher that was to be started. */
export type StartedLauncher = {
  /** Whether there is one, or may be. */
  came: boolean;
  exit: LauncherExit | null;
  /** Why there is none, or perhaps none; null: there is. May become known later. */
  problem: string | null;
};

/** Starts a launcher. What it resolves with changes when more is known. Throws only where nothing was started. */
export type Spawner = (order: LauncherOrder) => Promise<Readonly<StartedLauncher>>;
