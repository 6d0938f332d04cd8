import { AppError } from "@/lib/domain/errors";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanItem, PlanResult } from "@/lib/domain/plan";
import { undoRefusal } from "@/lib/domain/plan-state";
import type { ApplyNeeds } from "./apply-plan";
import { breathe } from "./breathe";
import { getPlan } from "./get-plan";

type Audit = {
  actor: string;
  action: string;
  jobId: JobId;
  runId: RunId;
  reason: string;
  details: { planId: PlanId };
};

type Needs = Omit<ApplyNeeds, "nudgePlans"> & {
  listPlanItems(
    id: PlanId,
    result: PlanResult | null,
    page: { after: string | null; limit: number },
  ): Promise<PlanItem[]>;
  undoItem(key: { planId: PlanId; runId: RunId }, reason: string, audit: Audit): Promise<PlanResult>;
};

const PAGE = 200;

/**
 * Puts cleaned runs back: all of the plan's, or those named. A run that cannot be put back stays as it is, and its item says why.
 * @throws AppError PLAN_NOT_FOUND, PLAN_STATE; INVALID_INPUT for a run the plan did not clean
 */
export async function undoPlan(
  ctx: Needs,
  id: PlanId,
  input: { readonly reason: string; readonly runs?: readonly RunId[] | undefined },
): Promise<CountedPlan> {
  const refusal = undoRefusal((await getPlan(ctx, id)).plan);
  if (refusal !== null) throw refusal;
  const asked = input.runs === undefined ? null : new Set(input.runs);
  const found = await cleanedItems(ctx, id, asked);
  for (const { runId, jobId } of found) {
    const details = { planId: id };
    const audit = {
      actor: ctx.actor,
      action: "run.clean_undone",
      jobId,
      runId,
      reason: input.reason,
      details,
    };
    await ctx.undoItem({ planId: id, runId }, input.reason, audit);
    await breathe();
  }
  const now = ctx.now();
  const { counts } = await getPlan(ctx, id);
  if (counts.done === 0 && counts.undone > 0) await ctx.changePlan(id, (plan) => undone(plan, now), null);
  return getPlan(ctx, id);
}

async function cleanedItems(ctx: Needs, id: PlanId, asked: ReadonlySet<RunId> | null): Promise<PlanItem[]> {
  const found: PlanItem[] = [];
  for (let after: string | null = null; ; ) {
    const page = await ctx.listPlanItems(id, null, { after, limit: PAGE });
    found.push(...page.slice(0, PAGE).filter(({ runId }) => asked === null || asked.has(runId)));
    if (page.length <= PAGE) break;
    after = page[PAGE - 1]?.runId ?? null;
  }
  const cleaned = found.filter(({ result }) => result === "done");
  const missing = [...(asked ?? [])].find(
    (run) => !found.some(({ runId, result }) => runId === run && (result === "done" || result === "undone")),
  );
  if (missing === undefined) return cleaned;
  throw new AppError("INVALID_INPUT", `Run ${missing} was not cleaned by plan ${id}. Nothing was undone.`, {
    plan: id,
    run: missing,
  });
}

function undone(plan: Plan, now: number): Plan | null {
  return plan.state === "undone" ? null : { ...plan, state: "undone", undoneAt: now };
}
