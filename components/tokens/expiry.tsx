"use client";

import { useNow } from "@/components/time/clock";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatStamp } from "@/lib/client/day";
import { formatAgo, formatExact } from "@/lib/client/elapsed";

const SOON_MS = 7 * 86_400_000;

/** The day on which a token expires; when that is soon, how long it has left. @param props.none where it never does */
export function Expiry({ at, none }: { at: string | null; none: string }) {
  const now = useNow();
  const local = useHydrated();
  if (at === null) return <>{none}</>;
  const left = Date.parse(at) - now;
  return (
    <time dateTime={at} title={formatExact(at, local)} className="tabular whitespace-nowrap">
      {left < SOON_MS ? formatAgo(-left) : formatStamp(at, local).slice(0, 10)}
    </time>
  );
}
