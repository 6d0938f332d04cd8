import { lateAfterMs } from "@/lib/domain/health";
import type { Watched } from "../watch/watched";
import { lifeOf } from "./life";

/** Sweeps come this often, and none is let pass where a pause is no longer. */
const SWEEP_MS = 2_000;
const LONGEST_PAUSE_MS = 10_000;
/** Within a quarter of the usual gap, two gaps count as equal (`learnGap`). */
const SHARE = 1 / 4;

/**
 * Whether it is time to look again for signs of life of a run. One that speaks is looked at with every sweep; one that is quiet, after a
 * quarter of the time for which it had been quiet at the last look, so that the gaps that are learned stay right; and in any case in the
 * sweep in which its quiet becomes too long, by its own rhythm or by its limit.
 * @param lastLookAt monotonic time; minus infinity: there was none
 * @param now monotonic time
 */
export function isTimeToLook(watched: Watched, lastLookAt: number, now = performance.now()): boolean {
  const passedMs = now - lastLookAt;
  const { spokeAt, usualGapMs } = lifeOf(watched);
  const quietMs = lastLookAt - (spokeAt ?? watched.startedAt);
  const pauseMs = Math.min(LONGEST_PAUSE_MS, quietMs * SHARE);
  // Sweeps are never exactly as far apart as they should be: the nearest one counts.
  if (pauseMs <= SWEEP_MS || passedMs >= pauseMs - SWEEP_MS / 2) return true;
  const passes = (limitMs: number) => quietMs <= limitMs && quietMs + passedMs > limitMs;
  return (
    passes(watched.run.spec.timeouts.silenceMs) || (usualGapMs !== null && passes(lateAfterMs(usualGapMs)))
  );
}
