import type { PlanId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanKind } from "@/lib/domain/plan";
import { applyRefusal } from "@/lib/domain/plan-state";
import { getPlan } from "./get-plan";
import type { PlanAudit } from "./new-plan";
import { planNotFound } from "./plan-errors";

export type ApplyNeeds = {
  now(): number;
  readonly actor: string;
  findPlan(id: PlanId): Promise<CountedPlan | null>;
  /** `decide` sees the plan as it is in the transaction that changes it. */
  changePlan(id: PlanId, decide: (plan: Plan) => Plan | null, audit: PlanAudit | null): Promise<Plan | null>;
  /** There is a plan to carry out. */
  nudgePlans(): void;
};

/**
 * Begins to carry a clean-up out; answers at once, and goes on in the background.
 * @throws AppError PLAN_NOT_FOUND; PLAN_STATE when it was applied already or is too old
 */
export function applyPlan(
  ctx: ApplyNeeds,
  id: PlanId,
  input: { readonly reason?: string | undefined },
): Promise<CountedPlan> {
  return beginApplying(ctx, id, "cleanup", input.reason);
}

export async function beginApplying(
  ctx: ApplyNeeds,
  id: PlanId,
  kind: PlanKind,
  reason: string | undefined,
): Promise<CountedPlan> {
  const now = ctx.now();
  const applied = (plan: Plan): Plan => {
    const refusal = applyRefusal(plan, kind, now);
    if (refusal !== null) throw refusal;
    return {
      ...plan,
      state: "applying",
      reason: reason ?? plan.reason,
      appliedBy: ctx.actor,
      appliedAt: now,
    };
  };
  const audit = {
    actor: ctx.actor,
    action: `${kind}.apply_requested`,
    reason: reason ?? null,
    details: { planId: id },
  };
  if ((await ctx.changePlan(id, applied, audit)) === null) throw planNotFound(id);
  ctx.nudgePlans();
  return getPlan(ctx, id);
}
