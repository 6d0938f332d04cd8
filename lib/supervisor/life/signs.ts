import { learnGap, SHORTEST_GAP_MS } from "@/lib/domain/cadence";
import type { LifeSource } from "@/lib/domain/life";
import { mergeProgress, type ProgressReport, sameProgress } from "@/lib/domain/progress";
import type { Watched } from "../watch/watched";
import { lifeOf } from "./life";

/**
 * The run has given a sign of life.
 * @param at epoch milliseconds, to be shown; how long it is quiet is counted from this call
 */
export function spoke(watched: Watched, source: LifeSource, at: number): void {
  const life = lifeOf(watched);
  const now = performance.now();
  const gapMs = life.countedAt === null ? null : now - life.countedAt;
  if (gapMs === null || gapMs >= SHORTEST_GAP_MS) life.countedAt = now;
  if (gapMs !== null && gapMs >= SHORTEST_GAP_MS) life.usualGapMs = learnGap(life.usualGapMs, gapMs);
  life.spokeAt = now;
  life.lastLifeAt = at;
  life.source = source;
  life.saved = false;
}

/** Takes a report in. `urgent`: to be saved within a second, and not with the next lazy batch. */
export function reported(watched: Watched, report: ProgressReport): void {
  // Who speaks for itself is not talked over: its figures may count other things than its kind's do.
  lifeOf(watched).ownWord = true;
  takeIn(watched, report, true);
}

/** What the run's kind has read in its log or its files; it yields to what the run says of itself. */
export function reportedByKind(watched: Watched, report: ProgressReport): void {
  if (!lifeOf(watched).ownWord) takeIn(watched, report, false);
}

function takeIn(watched: Watched, report: ProgressReport, urgent: boolean): void {
  const life = lifeOf(watched);
  const progress = mergeProgress(life.progress, report);
  if (sameProgress(progress, life.progress)) return;
  life.progress = progress;
  life.saved = false;
  life.urgent ||= urgent;
}
