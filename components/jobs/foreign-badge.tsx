import { SquareTerminal } from "lucide-react";
import type { ForeignView } from "@/lib/contracts/status";

/** A process behind the job's pid file that Unstuck has not started. Nothing when there is none. */
export function ForeignBadge({ foreign }: { foreign: ForeignView | null }) {
  if (foreign === null) return null;
  const { pid, command, certain, stopping } = foreign;
  const said = stopping ? "Being stopped" : certain ? "Runs outside" : "Perhaps runs outside";
  return (
    <span
      data-foreign={pid}
      title={`Not started by Unstuck: ${command}`}
      className="inline-flex min-h-5 items-center gap-1 rounded-sm bg-warn/12 px-1.5 text-xs font-semibold text-warn"
    >
      <SquareTerminal aria-hidden className="size-3 shrink-0" />
      {said} (pid {pid})
    </span>
  );
}
