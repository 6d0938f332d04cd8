import { type CountedPlan, PLAN_RESULTS, type Plan, type PlanCounts, type PlanItem } from "@/lib/domain/plan";
import type { Plans } from "@/lib/domain/ports/plans";
import type { NewPlanNeeds } from "@/lib/services/commands/new-plan";

/** A plan holds at most so many runs that are touched, and as many that are kept; what is beyond is for the next one. */
export const MOST_ITEMS = 20_000;

export type PlanNeeds = NewPlanNeeds & Pick<Plans, "insertPlan">;

export type MadePlan = CountedPlan & { readonly items: readonly PlanItem[] };

/** Keeps a plan; with `dryRun` nothing at all is written. */
export async function keepPlan(
  ctx: PlanNeeds,
  plan: Plan,
  items: readonly PlanItem[],
  dryRun: boolean,
): Promise<MadePlan> {
  const counts = countItems(items);
  const { kind, trigger, ageMs, jobs, tags, runs, reason } = plan;
  const [job] = jobs;
  if (!dryRun)
    await ctx.insertPlan(plan, items, {
      actor: ctx.actor,
      action: `${kind}.planned`,
      ...(job !== undefined && jobs.length === 1 ? { jobId: job } : {}),
      reason,
      details: { planId: plan.id, trigger, ageMs, jobs, tags, ticked: runs.length, ...counts },
    });
  return { plan, counts, items };
}

function countItems(items: readonly PlanItem[]): PlanCounts {
  const count = (result: PlanItem["result"]) => items.filter((item) => item.result === result).length;
  const entries = PLAN_RESULTS.map((result) => [result, count(result)]);
  return Object.fromEntries(entries) as PlanCounts;
}
