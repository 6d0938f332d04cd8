import type { ReactNode } from "react";
import { whyOf } from "@/components/runs/why";
import { Ago } from "@/components/time/ago";
import type { RunView } from "@/lib/contracts/run";
import { isFinal } from "@/lib/domain/run";

/** How the job's newest run ended; nothing while it goes on. */
export function lastResult(run: RunView | null): ReactNode {
  if (run === null || !isFinal(run.state)) return "–";
  return (
    <span title={whyOf(run)}>
      <Ago at={run.endedAt} /> · {run.reason ?? whyOf(run)}
    </span>
  );
}
