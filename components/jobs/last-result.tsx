import type { ReactNode } from "react";
import { LastWords } from "@/components/runs/last-words";
import { whatItDoes, whyOf } from "@/components/runs/why";
import { Ago } from "@/components/time/ago";
import type { RunView } from "@/lib/contracts/run";
import { isFinal } from "@/lib/domain/run";

/** How the job's newest run ended, or how far it is; nothing while it does not say. */
export function lastResult(run: RunView | null): ReactNode {
  if (run === null) return "–";
  if (!isFinal(run.state))
    return run.progress === null ? "–" : <span title={whyOf(run)}>{whatItDoes(run)}</span>;
  return (
    <span title={whyOf(run)}>
      <Ago at={run.endedAt} /> · {run.reason ?? whyOf(run)}
      <LastWords run={run} inline />
    </span>
  );
}
