/** Signs closer together than this are one: a burst of lines says nothing about how long the next pause may be. */
export const SHORTEST_GAP_MS = 1_000;

const NEAR = 0.25;
const NEAR_SHARE = 0.1;
/** One step up undoes nine steps down, so the estimate settles where nine of ten gaps are shorter. */
const UP = 1.5;
const DOWN = UP ** (-1 / 9);

/**
 * The gap between two signs of life that nine of ten stay below, learned one gap after another. It moves by steps of its own
 * size, so that one pause of an hour counts for no more than one of a minute.
 * @param usualMs what was learned so far; null: this is the first gap
 */
export function learnGap(usualMs: number | null, gapMs: number): number {
  const gap = Math.max(SHORTEST_GAP_MS, gapMs);
  if (usualMs === null) return Math.round(gap);
  const usual = Math.max(SHORTEST_GAP_MS, usualMs);
  if (Math.abs(gap - usual) <= NEAR * usual) return Math.round(usual + NEAR_SHARE * (gap - usual));
  return Math.round(gap > usual ? Math.min(gap, usual * UP) : Math.max(gap, usual * DOWN));
}
