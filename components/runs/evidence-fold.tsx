"use client";

import { ChevronRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Facts } from "@/components/ui/facts";
import type { RunView } from "@/lib/contracts/run";
import { factRows } from "./evidence";

/** In a list: the facts behind a verdict, one press away. They are rendered when opened: in a long list most never are. */
export function EvidenceFold({ evidence, of }: { evidence: RunView["evidence"]; of: string }) {
  const details = useRef<HTMLDetailsElement>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const look = () => setWasOpened((before) => before || details.current?.open === true);
  // It may have been opened before the page was hydrated.
  useEffect(look, []);
  if (evidence.length === 0) return null;
  return (
    <details ref={details} onToggle={look} className="group mt-1 text-sm">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 rounded-sm text-xs text-muted hover:text-fg max-md:min-h-9 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-3 shrink-0 transition-transform group-open:rotate-90 motion-reduce:transition-none"
        />
        Evidence <span className="sr-only">of {of}</span>
        <span className="text-faint">({evidence.length})</span>
      </summary>
      {wasOpened && (
        <div className="mt-1 max-w-2xl rounded-md border border-line bg-surface">
          <Facts rows={factRows(evidence)} />
        </div>
      )}
    </details>
  );
}
