"use client";

import { useNow } from "@/components/time/clock";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatStamp } from "@/lib/client/day";
import { formatAgo, formatExact, formatLeft } from "@/lib/client/elapsed";

const SOON_MS = 7 * 86_400_000;

type ExpiryProps = {
  at: string | null;
  /** Where it never does. */
  none: string;
  /** Before the day, in a sentence. */
  on?: string;
};

/** The day on which a token expires; when that is soon, how long it has left. */
export function Expiry({ at, none, on = "" }: ExpiryProps) {
  const now = useNow();
  const local = useHydrated();
  if (at === null) return <>{none}</>;
  const left = Date.parse(at) - now;
  return (
    <time dateTime={at} title={formatExact(at, local)} className="tabular whitespace-nowrap">
      {left > SOON_MS ? `${on}${formatStamp(at, local).slice(0, 10)}` : inWords(left)}
    </time>
  );
}

function inWords(left: number): string {
  return left > 0 ? formatLeft(left) : formatAgo(-left);
}
