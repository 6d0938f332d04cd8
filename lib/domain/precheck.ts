import type { Health } from "./health";
import type { RecoveryVerdict } from "./recovery";
import { isActive, type Run, type RunState } from "./run";
import { unreachable } from "./unreachable";

/** May this job be started now, and how? */
export const PRECHECKS = ["start", "wait", "resume", "cleanup"] as const;
export type Precheck = (typeof PRECHECKS)[number];

export type PrecheckVerdict = {
  readonly precheck: Precheck;
  readonly run: Run | null;
  readonly reason: string;
};

export type Newest = {
  readonly run: Run;
  readonly health: Health | null;
  readonly recovery: RecoveryVerdict;
};

/**
 * The pre-start check. It reads; it changes nothing and anyone may ask.
 * @param newest the job's newest run with what is known of it; null: the job never ran
 */
export function precheck(newest: Newest | null): PrecheckVerdict {
  if (newest === null) return { precheck: "start", run: null, reason: "It never ran." };
  return isActive(newest.run.state) ? checkActive(newest, newest.health ?? "healthy") : checkEnded(newest);
}

function checkActive({ run, recovery }: Newest, health: Health): PrecheckVerdict {
  switch (health) {
    case "healthy":
    case "late":
    case "silent":
    case "overdue":
      return { precheck: "wait", run, reason: `${run.id} is ${run.state} and ${health}.` };
    case "orphaned":
    case "stuck":
      if (recovery === "complete")
        return {
          precheck: "cleanup",
          run,
          reason: `${run.id} is ${health}, and its checkpoint says the work is finished.`,
        };
      return recovery === "dead"
        ? { precheck: "cleanup", run, reason: `${run.id} is ${health} and there is nothing to go on from.` }
        : { precheck: "resume", run, reason: `${run.id} is ${health}, and its work can go on.` };
    default:
      return unreachable(health);
  }
}

/** Ends after which the lineage's work is worth going on with. A completed run's checkpoint is history. */
const LEFT_UNFINISHED: readonly RunState[] = ["failed", "stopped", "timed_out", "interrupted"];

function checkEnded({ run, recovery }: Newest): PrecheckVerdict {
  if (recovery === "resumable" && LEFT_UNFINISHED.includes(run.state)) {
    return { precheck: "resume", run, reason: `${run.id} ended ${run.state} and left work that can go on.` };
  }
  return { precheck: "start", run, reason: `${run.id} is over (${run.state}).` };
}
