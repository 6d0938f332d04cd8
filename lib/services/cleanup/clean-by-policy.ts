import { HOUR_MS } from "@/lib/domain/hours";
import type { JobId } from "@/lib/domain/ids";
import type { CountedPlan } from "@/lib/domain/plan";
import { type ApplyNeeds, applyPlan } from "./apply-plan";
import { type MakePlanNeeds, makePlan } from "./make-plan";

/**
 * What a job's policy `onStuck: "clean"` asks for: its runs that are dead and older than its own threshold are cleaned, by a plan like
 * any other. Where there is nothing to clean no plan is kept.
 * @returns the plans that are being applied
 */
export async function cleanByPolicy(
  ctx: MakePlanNeeds & ApplyNeeds,
  { jobs }: { readonly jobs: readonly { readonly id: JobId; readonly stuckAfterMs: number }[] },
): Promise<CountedPlan[]> {
  const applied: CountedPlan[] = [];
  for (const [stuckAfterMs, ids] of byThreshold(jobs)) {
    const asked = {
      ageHours: stuckAfterMs / HOUR_MS,
      jobs: ids,
      // A short threshold was confirmed when it was set on the job.
      allowShort: true,
      trigger: "policy",
      reason: "The policy of its job: dead runs are cleaned.",
    } as const;
    const { counts } = await makePlan(ctx, { ...asked, dryRun: true });
    if (counts.planned === 0) continue;
    const { plan } = await makePlan(ctx, asked);
    applied.push(await applyPlan(ctx, plan.id, { reason: asked.reason }));
  }
  return applied;
}

function byThreshold(
  jobs: readonly { readonly id: JobId; readonly stuckAfterMs: number }[],
): Map<number, JobId[]> {
  const groups = new Map<number, JobId[]>();
  for (const { id, stuckAfterMs } of jobs)
    groups.set(stuckAfterMs, [...(groups.get(stuckAfterMs) ?? []), id]);
  return groups;
}
