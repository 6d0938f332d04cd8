"use client";

import { ArrowUpToLine } from "lucide-react";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/lib/client/elapsed";
import { READ_BYTES } from "@/lib/client/logs";
import type { LogView } from "@/lib/client/logs-view";
import { counted, describePart, describeState } from "./log-words";

type LogFooterProps = {
  view: LogView;
  active: boolean;
  following: boolean;
  /** What the last press of copy or link did. */
  note: string;
  onEarlier: () => void;
};

export function LogFooter({ view, active, following, note, onEarlier }: LogFooterProps) {
  const { buffer, loadingEarlier, phase, keptFrom } = view;
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-1 text-xs text-muted">
      <p role="status">{note === "" ? describeState(view, active, following) : note}</p>
      {phase === "ready" && (
        <p className="tabular max-md:order-last max-md:basis-full md:ml-auto">
          Loaded {describePart(view)} · {counted(buffer.lines.length, "line")}
        </p>
      )}
      {phase === "ready" && buffer.start > keptFrom && (
        <Button
          size="sm"
          look="plain"
          busy={loadingEarlier}
          onClick={onEarlier}
          icon={<ArrowUpToLine aria-hidden />}
        >
          Load {formatBytes(Math.min(buffer.start - keptFrom, READ_BYTES))} earlier
        </Button>
      )}
    </div>
  );
}
