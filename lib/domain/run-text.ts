const PREFIX = "run_";
/** The id of a run is the time at which it was queued and then chance: fewer digits are those of all runs of hours, months or years. */
const FEWEST_DIGITS = 6;
const DIGITS = /^[0-9a-z]{1,20}$/;

/** What the ids of the runs that a text may mean begin with; null: it is too short for that, or no id can begin with it. */
export function idBeginning(text: string): string | null {
  const lower = text.toLowerCase();
  const digits = lower.startsWith(PREFIX) ? lower.slice(PREFIX.length) : lower;
  return digits.length >= FEWEST_DIGITS && DIGITS.test(digits) ? `${PREFIX}${digits}` : null;
}
