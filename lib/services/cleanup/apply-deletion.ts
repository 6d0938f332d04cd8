import { AppError } from "@/lib/domain/errors";
import type { PlanId } from "@/lib/domain/ids";
import type { CountedPlan } from "@/lib/domain/plan";
import { applyRefusal } from "@/lib/domain/plan-state";
import { type ApplyNeeds, beginApplying } from "./apply-plan";
import { getPlan } from "./get-plan";

/**
 * Begins to carry a deletion out, which cannot be undone: the request must contain the job's id.
 * @throws AppError PLAN_NOT_FOUND, PLAN_STATE, NOT_CONFIRMED
 */
export async function applyDeletion(
  ctx: ApplyNeeds,
  id: PlanId,
  input: { readonly confirm: string; readonly reason?: string | undefined },
): Promise<CountedPlan> {
  const { plan } = await getPlan(ctx, id);
  const refusal = applyRefusal(plan, "delete", ctx.now());
  if (refusal !== null) throw refusal;
  const [job] = plan.jobs;
  if (job === undefined || input.confirm !== job) {
    const message = `Expected confirm to be the job's id, "${job}", typed by hand; found ${JSON.stringify(input.confirm.slice(0, 80))}. Nothing was deleted.`;
    throw new AppError("NOT_CONFIRMED", message, { plan: id, expected: job });
  }
  return beginApplying(ctx, id, "delete", input.reason);
}
