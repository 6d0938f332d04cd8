import type { RunView } from "@/lib/contracts/run";
import { isActive, type RunState } from "@/lib/domain/run";

/** `start_again`: a new run in its lineage, although no checkpoint leads it to where this one stopped. */
export const NEXT_STEPS = ["start", "resume", "start_again", "stop"] as const;
export type NextStep = (typeof NEXT_STEPS)[number];

const LEFT_UNFINISHED: readonly RunState[] = ["failed", "stopped", "timed_out", "interrupted"];

/** What a row's one button does, from the newest run alone; the job's page asks the server's pre-start check. */
export function nextStep(run: RunView | null): NextStep {
  if (run === null) return "start";
  if (isActive(run.state)) return "stop";
  if (run.verdict !== "resumable" || !LEFT_UNFINISHED.includes(run.state)) return "start";
  return run.resumeFrom === null ? "start_again" : "resume";
}
