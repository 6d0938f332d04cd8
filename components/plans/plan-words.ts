import type { Tone } from "@/components/runs/state-badge";
import type { PlanView, UndoPreview } from "@/lib/contracts/cleanup";
import type { PlanAction, PlanKind, PlanResult, PlanState, PlanTrigger } from "@/lib/domain/plan";

export const PLAN_STATE = {
  ready: { label: "Preview: nothing changed yet", tone: "active" },
  applying: { label: "Applying", tone: "active" },
  applied: { label: "Applied", tone: "ok" },
  aborted: { label: "Aborted", tone: "warn" },
  undone: { label: "Undone", tone: "idle" },
} as const satisfies Record<PlanState, { label: string; tone: Tone }>;

export const PLAN_KIND = {
  cleanup: "Clean-up",
  delete: "Deletion",
} as const satisfies Record<PlanKind, string>;

export const PLAN_TRIGGER = {
  manual: "by hand",
  policy: "by the job’s policy",
  start: "by a start that cleans up first",
  cli: "from the command line",
} as const satisfies Record<PlanTrigger, string>;

/** What will happen to a run when the plan is applied. */
export const WILL = {
  clean: "Will become “Timeout – Auto-cleaned”",
  keep: "Will be left as it is",
  delete: "Will be deleted with its log",
} as const satisfies Record<PlanAction, string>;

export const RESULT = {
  planned: { label: "Planned", tone: "active" },
  kept: { label: "Kept", tone: "idle" },
  done: { label: "Done", tone: "ok" },
  skipped: { label: "Skipped", tone: "warn" },
  failed: { label: "Failed", tone: "bad" },
  undone: { label: "Undone", tone: "idle" },
} as const satisfies Record<PlanResult, { label: string; tone: Tone }>;

/** Of a plan that was aborted: what had not had its turn by then. */
const NOT_REACHED = "not reached";

const TO_DO = { cleanup: "to clean", delete: "to delete" } as const satisfies Record<PlanKind, string>;
const DONE_WORD = { cleanup: "cleaned", delete: "deleted" } as const satisfies Record<PlanKind, string>;

/** `3 to clean, 2 kept`, then `2 cleaned, 1 skipped, 2 kept`. */
export function planInNumbers({ kind, state, counts }: PlanView): string {
  const parts: [number, string][] = [
    [counts.planned, state === "ready" || state === "applying" ? TO_DO[kind] : NOT_REACHED],
    [counts.done, DONE_WORD[kind]],
    [counts.skipped, "skipped"],
    [counts.failed, "failed"],
    [counts.undone, "undone"],
    [counts.kept, "kept"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return told.length === 0 ? "no runs" : told.join(", ");
}

/** Which runs the plan was made for. */
export function planScope(plan: PlanView): string {
  const { runs, jobs, tags, ageHours } = plan;
  if (runs.length > 0)
    return runs.length === 1 ? "1 run selected by hand" : `${runs.length} runs selected by hand`;
  const where = [
    jobs.length === 0 ? null : jobs.join(", "),
    tags.length === 0 ? null : `tagged ${tags.join(", ")}`,
  ].filter((part) => part !== null);
  const age =
    ageHours === null || (ageHours === 0 && plan.kind === "delete")
      ? "runs of any age"
      : `runs older than ${ageHours} h`;
  return where.length === 0 ? `${age}, all jobs` : `${age} of ${where.join(", ")}`;
}

export const runsOf = (count: number) => (count === 1 ? "1 run" : `${count} runs`);

/** `1 comes back to Stuck, 4 only get their old state back.` */
export function undoInWords({ stuck, state_only, unchanged }: UndoPreview["counts"]): string {
  const parts = [
    stuck > 0 ? `${stuck} ${stuck === 1 ? "comes" : "come"} back to Stuck` : null,
    state_only > 0
      ? `${state_only} only ${state_only === 1 ? "gets its" : "get their"} old state back`
      : null,
    unchanged > 0 ? `${unchanged} cannot be put back` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "Nothing is left to undo." : `${parts.join(", ")}.`;
}
