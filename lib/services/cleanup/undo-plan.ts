import { AppError } from "@/lib/domain/errors";
import type { PlanId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanItem } from "@/lib/domain/plan";
import { undoRefusal } from "@/lib/domain/plan-state";
import type { Plans } from "@/lib/domain/ports/plans";
import { countOutcomes, type UndoCounts, type UndoItem } from "@/lib/domain/undo";
import { nextTurn } from "@/lib/turns";
import type { ApplyNeeds } from "./apply-plan";
import { getPlan } from "./get-plan";

type PreviewNeeds = Pick<Plans, "findPlan" | "listPlanItems" | "listUndo">;

type Needs = Omit<ApplyNeeds, "nudgePlans"> & PreviewNeeds & Pick<Plans, "undoItem">;

export type UndoPreview = {
  readonly plan: CountedPlan;
  readonly counts: UndoCounts;
  /** By run; at most `MOST_PREVIEWED`, the counts are of all. */
  readonly items: readonly UndoItem[];
};

export type UndoPlan = {
  readonly reason?: string | undefined;
  readonly runs?: readonly RunId[] | undefined;
  /** What the preview has counted. When it would be something else by now, nothing is undone. */
  readonly expected?: UndoCounts | undefined;
};

const PAGE = 200;
const MOST_PREVIEWED = 200;

/**
 * What an undo would do, run by run. Changes nothing.
 * @throws AppError PLAN_NOT_FOUND, PLAN_STATE; INVALID_INPUT for a run the plan did not clean
 */
export async function previewUndo(
  ctx: PreviewNeeds,
  id: PlanId,
  runs?: readonly RunId[] | undefined,
): Promise<UndoPreview> {
  const { plan, items } = await lookAt(ctx, id, runs);
  return { plan, counts: countOutcomes(items), items: items.slice(0, MOST_PREVIEWED) };
}

/**
 * Puts cleaned runs back: all of the plan's, or those named. A run that cannot be put back stays as it is, and its item says why.
 * @throws AppError PLAN_NOT_FOUND, PLAN_STATE; INVALID_INPUT for a run the plan did not clean
 */
export async function undoPlan(ctx: Needs, id: PlanId, input: UndoPlan): Promise<CountedPlan> {
  const { items } = await lookAt(ctx, id, input.runs);
  if (input.expected !== undefined) refuseChanged(id, input.expected, countOutcomes(items));
  const reason = input.reason ?? null;
  for (const { runId, jobId, outcome } of items) {
    const details = { planId: id };
    const audit = { actor: ctx.actor, action: "run.clean_undone", jobId, runId, reason, details };
    await ctx.undoItem({ planId: id, runId }, reason, audit, input.expected === undefined ? null : outcome);
    await nextTurn();
  }
  const now = ctx.now();
  const { counts } = await getPlan(ctx, id);
  if (counts.done === 0 && counts.undone > 0) await ctx.changePlan(id, (plan) => undone(plan, now), null);
  return getPlan(ctx, id);
}

async function lookAt(ctx: PreviewNeeds, id: PlanId, runs: readonly RunId[] | undefined) {
  const plan = await getPlan(ctx, id);
  const refusal = undoRefusal(plan.plan);
  if (refusal !== null) throw refusal;
  const items = await ctx.listUndo(id, runs ?? null);
  const known = new Set(items.map(({ runId }) => runId));
  const others = (runs ?? []).filter((run) => !known.has(run));
  if (others.length > 0) await refuseForeign(ctx, id, others);
  return { plan, items };
}

/** What was put back before is no mistake; a run that the plan never cleaned is. */
async function refuseForeign(ctx: PreviewNeeds, id: PlanId, runs: readonly RunId[]): Promise<void> {
  const back = new Set<RunId>();
  for (let after: string | null = null; ; ) {
    const page: PlanItem[] = await ctx.listPlanItems(id, "undone", { after, limit: PAGE });
    for (const { runId } of page.slice(0, PAGE)) back.add(runId);
    if (page.length <= PAGE) break;
    after = page[PAGE - 1]?.runId ?? null;
  }
  const missing = runs.find((run) => !back.has(run));
  if (missing === undefined) return;
  throw new AppError("INVALID_INPUT", `Run ${missing} was not cleaned by plan ${id}. Nothing was undone.`, {
    plan: id,
    run: missing,
  });
}

function refuseChanged(id: PlanId, expected: UndoCounts, found: UndoCounts): void {
  const same = (["stuck", "state_only", "unchanged"] as const).every((one) => expected[one] === found[one]);
  if (same) return;
  const message = `An undo of plan ${id} would do something else by now than its preview said: a run of these jobs was started or deleted meanwhile. Nothing was undone. Look at the preview again.`;
  throw new AppError("PLAN_STATE", message, { plan: id, expected, found });
}

function undone(plan: Plan, now: number): Plan | null {
  return plan.state === "undone" ? null : { ...plan, state: "undone", undoneAt: now };
}
