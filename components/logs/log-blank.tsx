"use client";

import type { ReactNode } from "react";
import { ProblemNotice } from "@/components/problem/problem-notice";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { LogPhase, LogView } from "@/lib/client/logs-view";

type BlankPhase = Exclude<LogPhase, "ready">;
type LogBlankProps = { view: LogView; active: boolean; onRetry: () => void };

/** The log's place while there are no lines to show. */
export function LogBlank({ phase, ...props }: LogBlankProps & { phase: BlankPhase }) {
  const Blank = BLANKS[phase];
  return (
    <div className="h-full overflow-auto">
      <Blank {...props} />
    </div>
  );
}

const BLANKS = {
  loading: Loading,
  empty: NoOutput,
  missing: Missing,
  failed: Failed,
} as const satisfies Record<BlankPhase, (props: LogBlankProps) => ReactNode>;

const WIDTHS = ["w-3/5", "w-4/5", "w-2/5", "w-1/2", "w-3/4", "w-1/3", "w-2/3"] as const;

function Loading() {
  return (
    <div role="status" aria-label="Loading the log" className="flex flex-col gap-2 p-3">
      {WIDTHS.map((width) => (
        <Skeleton key={width} className={`h-3 ${width}`} />
      ))}
    </div>
  );
}

function NoOutput({ active }: LogBlankProps) {
  if (!active) return <Empty title="No output">This run wrote nothing to its log.</Empty>;
  return (
    <Empty title="No output yet">
      Output appears here as soon as the run prints it. Many programs hold back their output when it does not
      go to a terminal. Python is started with <code>PYTHONUNBUFFERED=1</code>, unless the job sets that
      itself; with <code>-E</code> or <code>-I</code> it ignores that and needs <code>-u</code>. Others may
      need <code>stdbuf -oL</code>, or an option of their own.
    </Empty>
  );
}

function Missing({ onRetry }: LogBlankProps) {
  return (
    <Empty title="The log is gone" actions={<Button onClick={onRetry}>Look again</Button>}>
      This run wrote a log, but its file is gone. It was moved or deleted outside of Unstuck.
    </Empty>
  );
}

function Failed({ view, onRetry }: LogBlankProps) {
  return (
    <ProblemNotice
      error={view.failure}
      title="The log could not be read"
      actions={<Button onClick={onRetry}>Try again</Button>}
      className="m-3"
    />
  );
}
