"use client";

import { useNow } from "@/components/time/clock";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatElapsed, formatExact } from "@/lib/client/elapsed";
import type { ScheduleView } from "@/lib/contracts/schedule";

type NextTimeProps = { schedule: Pick<ScheduleView, "next" | "enabled" | "timezone"> };

/** How long until the next time, what a clock on the wall shows there then, and what a change of clocks has to do with it. */
export function NextTime({ schedule: { next, enabled, timezone } }: NextTimeProps) {
  const now = useNow();
  const local = useHydrated();
  if (next === null)
    return <span className="text-faint">{enabled ? "it has ended" : "none while it is paused"}</span>;
  const left = Date.parse(next.at) - now;
  return (
    <>
      <time
        dateTime={next.at}
        title={`${next.local} (${next.offset}) in ${timezone} · ${formatExact(next.at, local)}`}
        className="tabular"
      >
        <span className="whitespace-nowrap">{left < 1_000 ? "now" : `in ${formatElapsed(left)}`}</span>
        <span className="text-xs whitespace-nowrap text-muted"> · {next.local}</span>
      </time>
      {next.words !== null && <span className="block text-xs text-warn">{sentence(next.words)}</span>}
    </>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
