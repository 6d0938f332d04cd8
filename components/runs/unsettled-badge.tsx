import { CircleHelp } from "lucide-react";
import type { RunView } from "@/lib/contracts/run";

/** Nobody has decided yet what becomes of its work. */
export function UnsettledBadge({ run: { unsettled } }: { run: RunView }) {
  if (!unsettled) return null;
  return (
    <span
      data-unsettled
      title="Nobody has decided yet what becomes of its work: a resume, a new start or a clean-up does."
      className="inline-flex h-5 items-center gap-1 rounded-sm bg-warn/12 px-1.5 text-xs font-semibold whitespace-nowrap text-warn"
    >
      <CircleHelp aria-hidden className="size-3 shrink-0" />
      Undecided
    </span>
  );
}
