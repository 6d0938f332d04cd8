import type { LifeSource } from "@/lib/domain/life";
import type { Progress, Run } from "@/lib/domain/run";
import { launchedSpec } from "@/lib/domain/state-place";
import { perRun } from "../files/per-run";
import { checkpointState } from "../traces/checkpoint-changes";
import type { Watched } from "../watch/watched";

/** What a run has shown of itself; `saved`: the row says the same, `urgent`: it soon must. */
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
  /** Monotonic time of the last sign of life; null: none yet. */
  spokeAt: number | null;
  /** Monotonic time of the sign from which the next gap is counted; null: none since this dashboard looks. */
  countedAt: number | null;
  /** Monotonic time; null: its end was not asked for. */
  stopAskedAt: number | null;
};

export const lifeOf = perRun(({ run }: Pick<Watched, "run">): Life => {
  const { logBytes, lastLifeAt, progress, usualGapMs } = run;
  return {
    logBytes,
    lastLifeAt,
    progress,
    usualGapMs,
    ownWord: false,
    source: null,
    saved: true,
    urgent: false,
    // Counted from zero when a run is taken over: a clock that moved meanwhile must not end it.
    spokeAt: lastLifeAt === null ? null : performance.now(),
    countedAt: null,
    stopAskedAt: null,
  };
});

/** Its silence up to now was not its own, so it is counted from now on. */
export function countSilenceAnew(watched: Pick<Watched, "run">): void {
  const life = lifeOf(watched);
  if (life.spokeAt !== null) life.spokeAt = performance.now();
}

/** Named by its job's folder until it is launched, and then by what that folder really is. */
export const checkpointOf = perRun(({ run }: Pick<Watched, "run">) => checkpointState(launchedSpec(run)));

/** It is known now where the run really works: nothing was seen of its checkpoint there yet. */
export function renewCheckpoint(watched: Pick<Watched, "run">, spec: Run["spec"]): void {
  Object.assign(checkpointOf(watched), checkpointState(spec));
}
