import { passes } from "./passing";

const FIRST_WAIT_MS = 1_000;
/** What passes may pass at any moment. A fault of our own would only fill the log. */
const LONGEST_WAIT_MS = 5_000;
const LONGEST_AFTER_A_FAULT_MS = 60_000;

export type Insistence = {
  /** Aborted when the dashboard goes down: the next one goes on from what is written. */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, or as soon as `signal` is aborted; never rejects. */
  pause(ms: number): Promise<void>;
  failed(error: unknown, againInMs: number): void;
};

/**
 * Tries until it is done, with growing pauses: for what has happened and must be written down, and for what was promised. Answers that
 * are to be taken for an answer are not thrown by `work`.
 * @returns what `work` answers; null when `signal` is aborted first
 */
export async function insist<Result>(how: Insistence, work: () => Promise<Result>): Promise<Result | null> {
  for (let tries = 0; !how.signal.aborted; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (how.signal.aborted) return null;
      const againInMs = pauseAfter(error, tries);
      how.failed(error, againInMs);
      await how.pause(againInMs);
    }
  }
  return null;
}

/** @param tries how often it has failed before
 * @returns milliseconds until the next try */
export function pauseAfter(error: unknown, tries: number): number {
  const longest = passes(error) ? LONGEST_WAIT_MS : LONGEST_AFTER_A_FAULT_MS;
  return Math.min(FIRST_WAIT_MS * 2 ** Math.min(tries, 16), longest);
}
