/** What this page knows of its server: when it last answered, and since when it has not. One per browser tab. */
export type Connection = {
  readonly lastAnswerAt: number | null;
  /** null while the server answers. */
  readonly lostSince: number | null;
  /** Server time minus browser time in milliseconds, 0 when they agree well enough. */
  readonly skewMs: number;
};

/** Below this, a difference is the time an answer takes rather than a wrong clock. */
const TOLERATED_SKEW_MS = 5_000;

let current: Connection = { lastAnswerAt: null, lostSince: null, skewMs: 0 };
const listeners = new Set<() => void>();

export function readConnection(): Connection {
  return current;
}

export function subscribeConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function noteAnswer(): void {
  change({ ...current, lastAnswerAt: Date.now(), lostSince: null });
}

export function noteSilence(): void {
  change({ ...current, lostSince: current.lostSince ?? Date.now() });
}

/** @param serverNow the instant a server answer was made, epoch milliseconds */
export function noteServerTime(serverNow: number): void {
  const skew = serverNow - Date.now();
  const skewMs = Math.abs(skew) > TOLERATED_SKEW_MS ? skew : 0;
  if (Math.abs(skewMs - current.skewMs) > 1_000) change({ ...current, skewMs });
}

function change(next: Connection): void {
  current = next;
  for (const listener of listeners) listener();
}
