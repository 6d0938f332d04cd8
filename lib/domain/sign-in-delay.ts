/** How often signing in has failed lately, by name or by address. Times are epoch milliseconds. */
export type SignInDelay = { readonly count: number; readonly lastAt: number; readonly until: number };

/** So many failures cost nothing: people mistype. */
const FREE = { name: 3, address: 10 } as const;
const FIRST_MS = 1_000;
const MOST_MS = 15 * 60_000;
/** After so long without a failure it begins from nothing. */
export const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

export type DelayKind = keyof typeof FREE;

/** After one more failure: the wait doubles each time. */
export function afterFailure(before: SignInDelay | null, kind: DelayKind, now: number): SignInDelay {
  const isOld = before === null || now - before.lastAt >= FORGOTTEN_AFTER_MS;
  const count = (isOld ? 0 : before.count) + 1;
  const beyond = count - FREE[kind];
  const waitMs = beyond <= 0 ? 0 : Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(beyond - 1, 30));
  return { count, lastAt: now, until: now + waitMs };
}

/** How long is left to wait, in milliseconds; 0: none. A clock that was set back never locks anyone out for longer than the longest wait. */
export function waitLeft(delay: SignInDelay | null, now: number): number {
  return delay === null ? 0 : Math.min(MOST_MS, Math.max(0, delay.until - now));
}
