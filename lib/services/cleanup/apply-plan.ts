import type { PlanId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanKind } from "@/lib/domain/plan";
import { applyRefusal } from "@/lib/domain/plan-state";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Plans } from "@/lib/domain/ports/plans";
import { getPlan } from "./get-plan";
import { planNotFound } from "./plan-errors";

export type ApplyNeeds = Pick<Plans, "findPlan" | "changePlan"> & Pick<Here, "now" | "nudgePlans"> & Actor;

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
