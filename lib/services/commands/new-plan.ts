import type { JobId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanCounts, PlanItem, PlanKind, PlanTrigger } from "@/lib/domain/plan";
import { PLAN_RESULTS } from "@/lib/domain/plan";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Plans } from "@/lib/domain/ports/plans";
import type { NewIds } from "@/lib/domain/ports/runs";
import type { FinalState } from "@/lib/domain/run";

/** A plan holds at most so many runs that are touched, and as many that are kept; what is beyond is for the next one. */
export const MOST_ITEMS = 20_000;

export type PlanNeeds = Pick<Plans, "insertPlan"> & Pick<NewIds, "newPlanId"> & Pick<Here, "now"> & Actor;

export type MadePlan = CountedPlan & { readonly items: readonly PlanItem[] };

type Asked = {
  readonly kind: PlanKind;
  readonly trigger: PlanTrigger;
  readonly ageMs: number | null;
  readonly jobs: readonly JobId[];
  readonly tags?: readonly string[];
  readonly runs?: readonly RunId[];
  readonly states?: readonly FinalState[];
  readonly reason: string | null;
};

export function newPlan(ctx: Pick<PlanNeeds, "now" | "actor" | "newPlanId">, asked: Asked): Plan {
  const now = ctx.now();
  return {
    id: ctx.newPlanId(now),
    state: "ready",
    actor: ctx.actor,
    appliedBy: null,
    createdAt: now,
    appliedAt: null,
    finishedAt: null,
    undoneAt: null,
    tags: [],
    runs: [],
    states: [],
    ...asked,
  };
}

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
