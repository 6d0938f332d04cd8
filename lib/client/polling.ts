import { readConnection } from "./connection";

/** How often something live is asked for again. */
const BUSY_MS = 2_000;
const IDLE_MS = 10_000;

export type PollingFacts = {
  readonly visible: boolean;
  /** Something on screen is in an active state. */
  readonly active: boolean;
  /** The server did not answer last time: look often, so that the page recovers by itself soon. */
  readonly lost: boolean;
};

/** Milliseconds until the next question; false: none, the page is hidden. */
export function pollingInterval({ visible, active, lost }: PollingFacts): number | false {
  if (!visible) return false;
  return active || lost ? BUSY_MS : IDLE_MS;
}

/** The same from the page as it is now; for TanStack Query's `refetchInterval`. */
export function pollWhile(active: boolean): number | false {
  const visible = typeof document === "undefined" || document.visibilityState !== "hidden";
  return pollingInterval({ visible, active, lost: readConnection().lostSince !== null });
}

/** Options every live query shares: the next poll is the retry, and coming back to the page looks at once. */
export const LIVE = {
  retry: false,
  networkMode: "always",
  refetchOnWindowFocus: "always",
  refetchOnReconnect: "always",
  refetchIntervalInBackground: false,
} as const;
