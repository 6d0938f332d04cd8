import { expect, test } from "vitest";
import { HOUR_MS } from "@/lib/domain/hours";
import type { PlanId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanItem } from "@/lib/domain/plan";
import type { UnsettledFilter } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import { aRun, jobId, T0 } from "@/test/factories";
import { cleanByPolicy } from "./clean-by-policy";

const NOW = T0 + 100 * HOUR_MS;

/** A database of two maps: enough to see which plans are made and applied. */
function context(runs: readonly Run[]) {
  const plans = new Map<PlanId, Plan>();
  const items: PlanItem[] = [];
  let nudged = 0;
  const findPlan = async (id: PlanId): Promise<CountedPlan | null> => {
    const plan = plans.get(id);
    return plan === undefined ? null : { plan, counts: counts };
  };
  const counts = { planned: 0, kept: 0, done: 0, skipped: 0, failed: 0, undone: 0 };
  const ctx = {
    actor: "system",
    now: () => NOW,
    newPlanId: () => `plan_${String(plans.size).padStart(20, "0")}` as PlanId,
    live: () => null,
    readState: async () => ({ found: "none", path: null }) as const,
    listUnfinished: async () => [],
    listUnsettled: async ({ jobs }: UnsettledFilter) => runs.filter((run) => jobs?.includes(run.jobId)),
    findRuns: async (_ids: readonly RunId[]) => [],
    saveVerdicts: async () => undefined,
    insertPlan: async (plan: Plan, added: readonly PlanItem[]) => {
      plans.set(plan.id, plan);
      items.push(...added);
    },
    findPlan,
    changePlan: async (id: PlanId, decide: (plan: Plan) => Plan | null) => {
      const after = decide(plans.get(id) as Plan);
      if (after !== null) plans.set(id, after);
      return after;
    },
    nudgePlans: () => {
      nudged += 1;
    },
  };
  return { ctx, items, nudged: () => nudged };
}

const interrupted = (job: string) => aRun("interrupted", { jobId: jobId(job) });
const policy = (id: string, hours: number) => ({ id: jobId(id), stuckAfterMs: hours * HOUR_MS });

test("E7 a policy makes and applies one plan for each threshold, also a short one, and says that it was the policy", async () => {
  const { ctx, items, nudged } = context([interrupted("a"), interrupted("b"), interrupted("c")]);
  const jobs = [policy("a", 24), policy("b", 24), policy("c", 2)];
  const applied = await cleanByPolicy(ctx, { jobs });
  expect(applied.map(({ plan }) => plan)).toMatchObject([
    { trigger: "policy", state: "applying", ageMs: 24 * HOUR_MS, jobs: ["a", "b"] },
    { trigger: "policy", state: "applying", ageMs: 2 * HOUR_MS, jobs: ["c"] },
  ]);
  expect(items.map(({ jobId: job, action }) => [job, action])).toEqual([
    ["a", "clean"],
    ["b", "clean"],
    ["c", "clean"],
  ]);
  expect(nudged()).toBe(2);
});

test("E7 a policy keeps no plan where there is nothing to clean, so that the history stays readable", async () => {
  const progress = { extracted: 5, skipped: 0, total: null, message: null };
  const { ctx, items } = context([aRun("interrupted", { jobId: jobId("a"), progress })]);
  expect(await cleanByPolicy(ctx, { jobs: [policy("a", 24)] })).toEqual([]);
  expect(items).toEqual([]);
});
