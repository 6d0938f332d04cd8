import type { Choice } from "./clean-up";
import type { RunId } from "./ids";
import { isActive, type Run, type RunState } from "./run";

/** What of a run's surroundings keeps it from being deleted. */
export type Surroundings = {
  /** Another run of its lineage is active, or needs a decision. */
  readonly lineageOpen: boolean;
  readonly isNewest: boolean;
  /** A run that was adopted from its processes, and so writes on in its log; null: there is none. */
  readonly adoptedAs: RunId | null;
};

/** A run that failed cannot be cleaned: its state says what there is to say. */
const DECIDE: Partial<Record<RunState, string>> = {
  interrupted: "Resume it, start the job over, or clean it up.",
  failed: "Resume it, or start the job over.",
  timed_out: "Resume it, or start the job over.",
};

/**
 * What a deletion will do to a run. What may still be resumed is kept, with all of its lineage; so is the newest run,
 * by which a job's state is told and by which a boot knows what it has gone on with.
 */
export function chooseDeletion(run: Run, { lineageOpen, isNewest, adoptedAs }: Surroundings): Choice {
  if (isActive(run.state)) return keep(`It is ${run.state}.`);
  if (run.unsettled)
    return keep(`What becomes of its work has not been decided yet. ${DECIDE[run.state] ?? ""}`.trim());
  if (lineageOpen)
    return keep(
      "Its lineage is open: another run of it is active, or what becomes of its work has not been decided.",
    );
  if (isNewest) return keep("It is the newest run of its job, which shows the job's state.");
  if (adoptedAs !== null)
    return keep(
      `Its log is that of ${adoptedAs} too, which was made of its processes: delete that one first.`,
    );
  return { action: "delete", why: `It ended ${run.state}, long enough ago.` };
}

/** Why a planned deletion is not carried out; null: nothing changed. */
export function deletionObstacle(
  planned: { readonly runVersion: number },
  run: Run,
  around: Surroundings,
): string | null {
  const { action, why } = chooseDeletion(run, around);
  if (action === "keep") return why;
  return run.version === planned.runVersion ? null : "It was changed since the plan was made.";
}

function keep(why: string): Choice {
  return { action: "keep", why };
}
