"use client";

import { cn } from "@/components/ui/cn";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatAgo, formatElapsed, formatExact } from "@/lib/client/elapsed";
import { useNow } from "./clock";

type InstantProps = { at: string | null; none?: string; className?: string };

/** `3 min ago`, with the exact local time and UTC on hover. */
export function Ago({ at, none = "–", className }: InstantProps) {
  const now = useNow();
  const local = useHydrated();
  if (at === null) return <span className="text-faint">{none}</span>;
  return (
    <time dateTime={at} title={formatExact(at, local)} className={cn("tabular whitespace-nowrap", className)}>
      {formatAgo(now - Date.parse(at))}
    </time>
  );
}

/** The instant itself, for lists read as a record. */
export function Exact({ at, none = "–" }: InstantProps) {
  const local = useHydrated();
  if (at === null) return <span className="text-faint">{none}</span>;
  return (
    <time dateTime={at} className="tabular">
      {formatExact(at, local)}
    </time>
  );
}

/** From `since` to `until`; ticking while there is no end yet. */
export function Elapsed({
  since,
  until,
  className,
}: {
  since: string | null;
  until: string | null;
  className?: string;
}) {
  const now = useNow();
  if (since === null) return <span className="text-faint">–</span>;
  const ms = (until === null ? now : Date.parse(until)) - Date.parse(since);
  return <span className={cn("tabular whitespace-nowrap", className)}>{formatElapsed(ms)}</span>;
}
