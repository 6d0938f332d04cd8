const POLL_MS = 1_000;
const SLOWEST_RETRY_MS = 15_000;

/** How long to wait for the next read, after so many in a row that failed. */
export function pauseAfter(failures: number): number {
  return Math.min(POLL_MS * 2 ** failures, SLOWEST_RETRY_MS);
}
