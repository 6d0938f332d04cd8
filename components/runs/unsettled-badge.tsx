import { CircleHelp } from "lucide-react";
import type { RunView } from "@/lib/contracts/run";

/** What becomes of its work is still to be decided. */
export function UnsettledBadge({ run: { unsettled } }: { run: RunView }) {
  if (!unsettled) return null;
  return (
    <span
      data-unsettled
      title="Needs a decision: resume it, start its job again, or clean it up."
      className="inline-flex h-5 items-center gap-1 rounded-sm bg-warn/12 px-1.5 text-xs font-semibold whitespace-nowrap text-warn"
    >
      <CircleHelp aria-hidden className="size-3 shrink-0" />
      Needs a decision
    </span>
  );
}
