/** What the process knows of itself at the moment at which it would say that it is well. */
export type Vitals = {
  /** Since the supervisor last looked at all runs and could write that down, by a clock that nothing sets. */
  readonly beatAgeMs: number;
  /** How far the next time of a schedule lies in the past; negative or null: none does. */
  readonly overdueMs: number | null;
  /** It is not certain that this data folder is the live one, so nothing is started. */
  readonly unconfirmed: boolean;
};

/** The supervisor writes every ten seconds. */
const BEAT_WITHIN_MS = 60_000;
/** Times are taken within a second; what is left longer than that is not going to be. */
const OVERDUE_MS = 60_000;

/** Why it must not be said that all is well; null: it is. How the jobs are is another matter. */
export function whyUnwell({ beatAgeMs, overdueMs, unconfirmed }: Vitals): string | null {
  if (unconfirmed) return "the data folder is not confirmed, so nothing is started";
  if (beatAgeMs > BEAT_WITHIN_MS)
    return `the supervisor has not looked at the runs for ${Math.round(beatAgeMs / 1_000)} s`;
  if (overdueMs !== null && overdueMs > OVERDUE_MS)
    return `a time of a schedule has not been taken for ${Math.round(overdueMs / 1_000)} s`;
  return null;
}
