import type { PlanId } from "@/lib/domain/ids";
import type { CountedPlan, Plan } from "@/lib/domain/plan";
import { abortRefusal } from "@/lib/domain/plan-state";
import type { ApplyNeeds } from "./apply-plan";
import { getPlan } from "./get-plan";
import { planNotFound } from "./plan-errors";

/**
 * Nothing more of the plan is done from the moment this answers; what is done stays done.
 * @throws AppError PLAN_NOT_FOUND, PLAN_STATE
 */
export async function abortPlan(ctx: Omit<ApplyNeeds, "nudgePlans">, id: PlanId): Promise<CountedPlan> {
  const now = ctx.now();
  const aborted = (plan: Plan): Plan => {
    const refusal = abortRefusal(plan);
    if (refusal !== null) throw refusal;
    return { ...plan, state: "aborted", finishedAt: now };
  };
  const audit = { actor: ctx.actor, action: "plan.aborted", reason: null, details: { planId: id } };
  if ((await ctx.changePlan(id, aborted, audit)) === null) throw planNotFound(id);
  return getPlan(ctx, id);
}
