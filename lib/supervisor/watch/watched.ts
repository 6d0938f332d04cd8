import type { RunId } from "@/lib/domain/ids";
import type { LifeSource } from "@/lib/domain/life";
import type { LaunchOffer } from "@/lib/domain/ports/host";
import { type ProcessIdentity, type Progress, type Run, startedAs } from "@/lib/domain/run";
import { launchedSpec } from "@/lib/domain/state-place";
import type { KindWait } from "@/lib/kinds/kind";
import {
  type RunFiles,
  readClaim,
  readExitRecord,
  readPayload,
  readPump,
  runFiles,
} from "../files/run-files";
import { readMoment } from "../files/since-boot";
import { type LogCap, newLogCap } from "../log/cap-state";
import type { Tree } from "../processes/members";
import { type CheckpointState, checkpointState } from "../traces/checkpoint-changes";
import type { ScanState } from "../traces/line-scanner";
import type { ProgressFileState } from "../traces/progress-file";
import { type RunUsage, usageOf } from "../usage/run-usage";
import type { LauncherExit } from "./launched";
import { groupOf } from "./limits";
import type { SupervisorPorts } from "./ports";

/** A run this supervisor looks after, with what it knows beyond the row. */
export type Watched = {
  run: Run;
  readonly files: RunFiles;
  readonly tree: Tree;
  /** Set when the launcher was our child and has ended. */
  launcherExit: LauncherExit | null;
  /** The launcher is gone without a record while members live on: still running, its exit code will not be known. */
  unsupervised: boolean;
  /** Its data folder was moved since it was started: its launcher has no place to write the exit code to. */
  moved: boolean;
  /** True from its claim until its launch has been written down, whatever came of it. */
  launching: boolean;
  /** Command lines of what its program had left when it ended by itself; null: that was not seen by this dashboard. */
  leftBehind: readonly string[] | null;
  /** True while its tree is being ended; noticing the end is that procedure's business then. */
  ending: boolean;
  /** True while one look at it is under way: looks come from three sides. */
  looking: boolean;
  /** True while it is found out whether it is over a limit. */
  limiting: boolean;
  /** Monotonic time of the last look at its log. */
  measuredAt: number;
  /** While a run that a terminal is to launch waits for that: what the terminal needs. */
  offer: LaunchOffer | null;
  /** What the last look at its pid file led to. */
  readonly pidFile: { written: boolean; told: string | null; keeping: Promise<void> | null };
  readonly cap: LogCap;
  readonly usage: RunUsage;
  /** Was running before this dashboard was: what its files say may have been read already. */
  readonly adopted: boolean;
  readonly life: Life;
  /** Moments on the monotonic clock, which limits go by; `spokeAt` null: no sign of life yet. */
  readonly monotonic: {
    startedAt: number;
    spokeAt: number | null;
    /** The sign of life from which the next gap is counted; null: none since this dashboard looks. */
    countedAt: number | null;
    stopAskedAt: number | null;
  };
  /** Where the reading of the log stands; null: it has not been read by this dashboard. */
  scan: ScanState | null;
  readonly progressFile: ProgressFileState;
  /** Named by its job's folder until it is launched, and then by what that folder really is. */
  checkpoint: CheckpointState;
  /** What its kind says it waits for by itself, as of the last look. */
  waits: KindWait | null;
};

/** What the run has shown of itself; `saved`: the row says the same, `urgent`: it soon must. */
export type Life = {
  logBytes: number;
  lastLifeAt: number | null;
  progress: Progress | null;
  usualGapMs: number | null;
  /** Whether the run has reported progress itself while this dashboard looks. */
  ownWord: boolean;
  /** Which sign was the last; null: it was seen by an earlier dashboard. */
  source: LifeSource | null;
  saved: boolean;
  urgent: boolean;
};

export type Watchlist = Map<RunId, Watched>;

export function watch(ports: SupervisorPorts, list: Watchlist, run: Run): Watched {
  const known = list.get(run.id);
  if (known !== undefined) {
    known.run = run;
    return known;
  }
  const files = runFiles(ports.paths.runs, ports.paths.exits, startedAs(run));
  const watched: Watched = {
    run,
    files,
    tree: {
      marker: run.spec.adopted?.marker ?? `${run.id}.${run.token}`,
      launcher: run.launcher,
      payload: run.process,
      // Learnt with the launcher: nothing is read here, since a start that was claimed must come to its end, or to its reason.
      pump: null,
      sessions: new Map(),
      // Missing now it may come with the launch.
      group: groupOf(files) ?? undefined,
    },
    launcherExit: null,
    unsupervised: false,
    moved: false,
    launching: false,
    leftBehind: null,
    ending: false,
    looking: false,
    limiting: false,
    measuredAt: Number.NEGATIVE_INFINITY,
    offer: null,
    pidFile: { written: false, told: null, keeping: null },
    cap: newLogCap(run),
    adopted: run.ownerEpoch !== ports.ownerEpoch || run.spec.adopted !== null,
    life: lifeOf(run),
    usage: usageOf(run),
    monotonic: {
      startedAt: readMoment(files, "launched") ?? performance.now() - ageMs(ports, run),
      // Counted anew by whoever takes a run over: a clock that moved meanwhile must not end it.
      spokeAt: run.lastLifeAt === null ? null : performance.now(),
      countedAt: null,
      stopAskedAt: null,
    },
    scan: null,
    progressFile: { seen: null, rereads: 0 },
    checkpoint: checkpointState(launchedSpec(run)),
    waits: null,
  };
  list.set(run.id, watched);
  return watched;
}

function lifeOf({ logBytes, lastLifeAt, progress, usualGapMs }: Run): Life {
  return {
    logBytes,
    lastLifeAt,
    progress,
    usualGapMs,
    ownWord: false,
    source: null,
    saved: true,
    urgent: false,
  };
}

/** Fills in the launcher and its program once they have claimed the run, which is before the row knows them. */
export function learnTree({ tree, files }: Watched): void {
  tree.launcher ??= claimedLauncher(files);
  tree.payload ??= readPayload(files);
  // The last word: its launcher replaces one that was killed when the program ends.
  tree.pump = readPump(files) ?? tree.pump ?? null;
  if (tree.group !== undefined) return;
  const group = groupOf(files);
  // The group is made before the launcher: where one has claimed and there is none, there will be none.
  if (group !== null || tree.launcher !== null) tree.group = group;
}

/** By its launcher's record, or by the launcher's own exit where it could write none. */
export function programEnded({ files, launcherExit }: Watched): boolean {
  return readExitRecord(files) !== null || (launcherExit !== null && launcherExit.code !== null);
}

function claimedLauncher(files: RunFiles) {
  const claim = readClaim(files);
  return claim?.by === "launcher" ? claim.identity : null;
}

/**
 * How long the run has lasted, in the judgement of two clocks, and the shorter counts: the wall clock may have been set ahead
 * since an earlier dashboard wrote the start down, and a run must not be ended for that.
 */
function ageMs(ports: SupervisorPorts, { startedAt, launcher }: Run): number {
  if (startedAt === null) return 0;
  const byWallClock = Math.max(0, ports.now() - startedAt);
  return Math.min(byWallClock, (launcher === null ? null : ageByTicks(ports, launcher)) ?? byWallClock);
}

function ageByTicks({ processes }: SupervisorPorts, launcher: ProcessIdentity): number | null {
  try {
    return processes.ageMs(launcher);
  } catch {
    // Out of descriptors: the other clock serves.
    return null;
  }
}
