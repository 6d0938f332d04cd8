import type { RunId } from "@/lib/domain/ids";
import { type ProcessIdentity, type Run, startedAs } from "@/lib/domain/run";
import {
  type RunFiles,
  readClaim,
  readExitRecord,
  readPayload,
  readPump,
  runFiles,
} from "../files/run-files";
import { readMoment } from "../files/since-boot";
import type { Tree } from "../processes/members";
import type { KnownProcesses } from "../processes/processes";
import { groupOf } from "./limits";
import type { Phase } from "./phase";
import type { SupervisorPorts } from "./ports";
import type { LauncherExit } from "./spawner";

/**
 * A run this supervisor looks after. What a room finds out about it, the room keeps itself (files/per-run.ts); here is what all of
 * them go by.
 */
export type Watched = {
  run: Run;
  readonly files: RunFiles;
  readonly tree: Tree;
  /** What is being done about it; changed by `begin` and `end` of phase.ts alone. */
  phase: Phase;
  /** Was running before this dashboard was: what its files say may have been read already. */
  readonly adopted: boolean;
  /** On the monotonic clock, which limits go by. */
  readonly startedAt: number;
  /** Set when the launcher was our child and has ended. */
  launcherExit: LauncherExit | null;
  /** The launcher is gone without a record while members live on: still running, its exit code will not be known. */
  unsupervised: boolean;
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
    phase: "resting",
    adopted: run.ownerEpoch !== ports.ownerEpoch || run.spec.adopted !== null,
    startedAt: readMoment(files, "launched") ?? performance.now() - ageMs(ports, run),
    launcherExit: null,
    unsupervised: false,
  };
  list.set(run.id, watched);
  return watched;
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

/** Launchers and programs of all watched runs: each is its run's, whatever it has done to its environment. */
export function knownProcesses(list: Watchlist): KnownProcesses {
  const known = new Map<number, { readonly startTicks: number; readonly marker: string }>();
  for (const { tree } of list.values())
    for (const identity of [tree.launcher, tree.payload])
      if (identity !== null)
        known.set(identity.pid, { startTicks: identity.startTicks, marker: tree.marker });
  return known;
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
