import type { PlanId } from "@/lib/domain/ids";
import type { CountedPlan } from "@/lib/domain/plan";
import type { Plans } from "@/lib/domain/ports/plans";
import { planNotFound } from "./plan-errors";

/** @throws AppError PLAN_NOT_FOUND */
export async function getPlan(ctx: Pick<Plans, "findPlan">, id: PlanId): Promise<CountedPlan> {
  const plan = await ctx.findPlan(id);
  if (plan === null) throw planNotFound(id);
  return plan;
}
