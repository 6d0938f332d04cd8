import type { JobId, RunId } from "./ids";
import type { RunState } from "./run";

/** What undoing a clean-up does to one run: it has to be decided about again, only its old state comes back, or nothing happens. */
export const UNDO_OUTCOMES = ["stuck", "state_only", "unchanged"] as const;
export type UndoOutcome = (typeof UNDO_OUTCOMES)[number];

/** `state` null: the run was deleted. `newer`: a run of its job that was started since. */
export type CleanedRun = { readonly state: RunState | null; readonly newer: RunId | null };

export type UndoOutlook = { readonly outcome: UndoOutcome; readonly why: string };

export type UndoItem = UndoOutlook & { readonly runId: RunId; readonly jobId: JobId };

/** The preview and the undo itself both ask this, so that what was promised is what is done. */
export function undoOutlook({ state, newer }: CleanedRun): UndoOutlook {
  if (state === null) return { outcome: "unchanged", why: "It was deleted meanwhile." };
  if (state !== "cleaned") return { outcome: "unchanged", why: `It is ${state.replace("_", " ")} now.` };
  if (newer === null) return { outcome: "stuck", why: "It comes back to Stuck and needs a decision." };
  const why = `Only its old state comes back. A newer run of its job, ${newer}, was started since, so nothing is left to decide about it.`;
  return { outcome: "state_only", why };
}

export type UndoCounts = Readonly<Record<UndoOutcome, number>>;

export function countOutcomes(items: readonly Pick<UndoItem, "outcome">[]): UndoCounts {
  const count = (outcome: UndoOutcome) => items.filter((item) => item.outcome === outcome).length;
  return { stuck: count("stuck"), state_only: count("state_only"), unchanged: count("unchanged") };
}

/** What the item of the plan says afterwards. @param reason the operator's words; null: none were given */
export function undoneDetail({ outcome, why }: UndoOutlook, reason: string | null): string {
  const said = reason === null ? "Put back." : `Put back: “${reason}”.`;
  return outcome === "stuck" ? said : `${said} ${why}`;
}
