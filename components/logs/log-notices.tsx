"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/lib/client/elapsed";
import type { LogStream } from "@/lib/client/logs-stream";
import type { LogNotice, LogView } from "@/lib/client/logs-view";
import { unreachable } from "@/lib/domain/unreachable";

/** What the reader must know about the lines below, each in one line. */
export function LogNotices({ stream, view }: { stream: LogStream; view: LogView }) {
  const { notice, failure, dropped, phase, keptFrom } = view;
  return (
    <>
      {failure !== null && phase === "ready" && (
        <Strip tone="bad" action={<Act onClick={() => stream.retry()}>Try now</Act>}>
          New output could not be read: {failure.message} Retrying automatically.
        </Strip>
      )}
      {keptFrom > 0 && phase === "ready" && (
        <Strip>
          The first {formatBytes(keptFrom)} of this log were dropped to keep it below its cap. Its newest
          lines are all here.
        </Strip>
      )}
      {notice !== null && (
        <Strip action={<Act onClick={() => stream.dismissNotice()}>Dismiss</Act>}>
          {noticeWords(notice)}
        </Strip>
      )}
      {dropped !== null && <Strip>{DROPPED[dropped]}</Strip>}
    </>
  );
}

const DROPPED = {
  top: "The oldest lines were let go to keep this page light. Scroll up to load them again.",
  bottom: "The newest lines were let go to keep this page light. Jump to the end to see them again.",
} as const;

function noticeWords(notice: LogNotice): string {
  switch (notice.kind) {
    case "cut":
      return "The log was emptied, replaced or overwritten after it was read. This is what it holds now. If the program itself opens /dev/stderr or /dev/stdout, send the job's output through a pipe (Edit job, Log).";
    case "skipped":
      return `The run writes faster than this page can read. ${formatBytes(notice.bytes)} were skipped to stay live; scroll up to load them.`;
    case "outrun":
      return `${formatBytes(notice.bytes)} were dropped from the log before this page could read them. The lines below are the oldest that are kept.`;
    case "elsewhere":
      return `The link points at byte ${notice.offset}, which this log does not have. This is its end.`;
    default:
      return unreachable(notice);
  }
}

function Strip({
  tone = "plain",
  action,
  children,
}: {
  tone?: "bad" | "plain";
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div
      role="status"
      className={`flex items-center gap-3 border-b border-line px-3 py-1 text-xs ${tone === "bad" ? "bg-bad/6 text-fg" : "bg-raised text-muted"}`}
    >
      <p className="min-w-0 flex-1">{children}</p>
      {action}
    </div>
  );
}

function Act({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button size="sm" look="quiet" onClick={onClick}>
      {children}
    </Button>
  );
}
