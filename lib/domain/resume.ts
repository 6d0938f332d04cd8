import type { Health } from "./health";
import type { Recovery } from "./recovery";
import { isActive, type Run, type RunState } from "./run";
import type { RecoveryVerdict } from "./verdict";

/** What is said of a run's work, be it on a page, by the API or the command line. */
export type Resume = {
  /** null: not checked, or it is alive and has left nothing yet, which is not to be dead. */
  readonly verdict: RecoveryVerdict | null;
  /** null where its checkpoint was not read for this answer. */
  readonly sentence: string | null;
  /** What a resume would start from; null: nothing. */
  readonly resumeFrom: string | null;
  /** The folder in which alone it can be resumed; null: the one a new run works in anyway, or not read. */
  readonly oldFolder: string | null;
};

const LEFT_WORK: readonly RunState[] = ["failed", "stopped", "timed_out", "interrupted"];

/** An ended run that a newer one of its job stands before: nothing is left to decide about its work. */
export function isSuperseded({ state }: Pick<Run, "state">, isNewest: boolean): boolean {
  return !isNewest && LEFT_WORK.includes(state);
}

type Seen = {
  readonly run: Pick<Run, "state" | "verdict" | "resumeFrom" | "unsettled">;
  readonly health: Health | null;
  /** As its checkpoint was read for this answer; null: it was not. */
  readonly recovery: Recovery | null;
  readonly superseded: boolean;
};

/**
 * Whether and from what the work of a run can be resumed. What its checkpoint says is one half of it; the other is what has become of
 * the run: one that completed, was cleaned up or has a successor is not resumed whatever it left.
 */
export function resumeOf({ run, health, recovery, superseded }: Seen): Resume {
  const notHere = { resumeFrom: null, oldFolder: null };
  if (run.state === "completed")
    return { ...notHere, verdict: "complete", sentence: "Finished: nothing to resume." };
  if (isActive(run.state) && health !== "orphaned") return whileAlive(recovery);
  const verdict = recovery?.verdict ?? run.verdict;
  if (superseded) return { ...notHere, verdict, sentence: SUPERSEDED };
  if (run.state === "cleaned") return { ...notHere, verdict, sentence: CLEANED };
  if (recovery !== null) {
    const { sentence, resumeFrom, oldFolder } = recovery;
    return { verdict, sentence, resumeFrom, oldFolder };
  }
  return { ...notHere, verdict, sentence: null, resumeFrom: run.unsettled ? run.resumeFrom : null };
}

export const SUPERSEDED =
  "Superseded: a newer run of its job was started, and only the newest can be resumed.";
const CLEANED = "It was cleaned up. Undo that first if it is to be resumed.";

/** What it would leave if it ended now. */
function whileAlive(recovery: Recovery | null): Resume {
  const nothing = { verdict: null, sentence: null, resumeFrom: null, oldFolder: null };
  if (recovery === null) return nothing;
  const { verdict, sentence, resumeFrom, oldFolder } = recovery;
  if (verdict !== "dead") return { verdict, sentence, resumeFrom, oldFolder };
  return {
    ...nothing,
    sentence: "Nothing to resume from yet: no checkpoint with data and no progress so far.",
  };
}
