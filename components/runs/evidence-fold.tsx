import { ChevronRight } from "lucide-react";
import { Facts } from "@/components/ui/facts";
import type { RunView } from "@/lib/contracts/run";
import { factRows } from "./evidence";

/** In a list: the facts behind a verdict, one press away. */
export function EvidenceFold({ evidence, of }: { evidence: RunView["evidence"]; of: string }) {
  if (evidence.length === 0) return null;
  return (
    <details className="group mt-1 text-sm">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 rounded-sm text-xs text-muted hover:text-fg max-md:min-h-9 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3 shrink-0 transition-transform group-open:rotate-90 motion-reduce:transition-none"
        />
        Evidence <span className="sr-only">of {of}</span>
        <span className="text-faint">({evidence.length})</span>
      </summary>
      <div className="mt-1 max-w-2xl rounded-md border border-line bg-surface">
        <Facts rows={factRows(evidence)} />
      </div>
    </details>
  );
}
