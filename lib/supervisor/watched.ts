import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import type { LauncherExit } from "./launch";
import { type LogCap, newLogCap } from "./log-cap/state";
import type { Tree } from "./members";
import type { SupervisorPorts } from "./ports";
import { type RunFiles, readClaim, readPayload, runFiles } from "./run-files";

/** A run this supervisor looks after, with what it knows beyond the row. */
export type Watched = {
  run: Run;
  readonly files: RunFiles;
  readonly tree: Tree;
  /** Set when the launcher was our child and has ended. */
  launcherExit: LauncherExit | null;
  /** The launcher is gone without a record while members live on: still running, its exit code will not be known. */
  unsupervised: boolean;
  /** True from its claim until its launch has been written down, whatever came of it. */
  launching: boolean;
  /** True while its tree is being ended; noticing the end is that procedure's business then. */
  ending: boolean;
  /** True while one look at it is under way: looks come from three sides. */
  looking: boolean;
  /** Monotonic time of the last look at its log. */
  measuredAt: number;
  life: { logBytes: number; lastLifeAt: number | null; saved: boolean };
  readonly cap: LogCap;
  /** The same moments on the monotonic clock, which limits go by; `spokeAt` null: no sign of life yet. */
  readonly monotonic: { startedAt: number; spokeAt: number | null };
};

export type Watchlist = Map<RunId, Watched>;

export function watch(ports: SupervisorPorts, list: Watchlist, run: Run): Watched {
  const known = list.get(run.id);
  if (known !== undefined) {
    known.run = run;
    return known;
  }
  const files = runFiles(ports.paths.runs, ports.paths.exits, run.id);
  const watched: Watched = {
    run,
    files,
    tree: {
      marker: `${run.id}.${run.token}`,
      launcher: run.launcher ?? claimedLauncher(files),
      payload: run.process ?? readPayload(files),
      sessions: new Set(),
    },
    launcherExit: null,
    unsupervised: false,
    launching: false,
    ending: false,
    looking: false,
    measuredAt: Number.NEGATIVE_INFINITY,
    life: { logBytes: run.logBytes, lastLifeAt: run.lastLifeAt, saved: true },
    cap: newLogCap(run),
    monotonic: {
      startedAt: onMonotonicClock(ports, run.startedAt) ?? performance.now(),
      // Counted anew by whoever takes a run over: a clock that moved meanwhile must not end it.
      spokeAt: run.lastLifeAt === null ? null : performance.now(),
    },
  };
  list.set(run.id, watched);
  return watched;
}

/** The launcher as its claim names it: known before the row knows it. */
function claimedLauncher(files: RunFiles) {
  const claim = readClaim(files);
  return claim?.by === "launcher" ? claim.identity : null;
}

/** Fills in the launcher and its program once they have claimed the run. */
export function learnTree({ tree, files }: Watched): void {
  tree.launcher ??= claimedLauncher(files);
  tree.payload ??= readPayload(files);
}

/** A wall time of an earlier dashboard's life, as far as it can be trusted: never in the future. */
function onMonotonicClock(ports: SupervisorPorts, wallAt: number | null): number | null {
  return wallAt === null ? null : performance.now() - Math.max(0, ports.now() - wallAt);
}
