import { chooseDeletion, type Surroundings } from "@/lib/domain/deletion";
import { AppError } from "@/lib/domain/errors";
import { HOUR_MS } from "@/lib/domain/hours";
import type { JobId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanTrigger } from "@/lib/domain/plan";
import type { Jobs } from "@/lib/domain/ports/jobs";
import type { Runs } from "@/lib/domain/ports/runs";
import { type FinalState, isFinal, type Run, type RunState } from "@/lib/domain/run";
import { ageOf } from "@/lib/domain/stuck";
import { jobNotFound } from "@/lib/services/commands/get-job";
import { newPlan } from "@/lib/services/commands/new-plan";
import { nextTurn } from "@/lib/turns";
import { keepPlan, type MadePlan, MOST_ITEMS, type PlanNeeds } from "./keep-plan";

type Needs = PlanNeeds & Pick<Jobs, "findJob"> & Pick<Runs, "listEnded">;

export type MakeDeletionPlan = {
  readonly job: JobId;
  readonly olderThanHours: number;
  readonly states?: readonly RunState[] | undefined;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly trigger?: PlanTrigger | undefined;
};

const PAGE = 40;

/**
 * The dry run of a deletion: which runs of a job will be deleted with their files, and which are kept and why.
 * @throws AppError JOB_NOT_FOUND; INVALID_INPUT for a state that is not final
 */
export async function makeDeletionPlan(ctx: Needs, input: MakeDeletionPlan): Promise<MadePlan> {
  if ((await ctx.findJob(input.job)) === null) throw jobNotFound(input.job);
  const states = finalStates(input.states ?? []);
  const plan = newPlan(ctx, {
    kind: "delete",
    trigger: input.trigger ?? "manual",
    ageMs: input.olderThanHours * HOUR_MS,
    jobs: [input.job],
    states,
    reason: input.reason ?? null,
  });
  const items: PlanItem[] = [];
  for (let after: string | null = null; items.length < MOST_ITEMS; ) {
    const endedBefore = plan.createdAt - input.olderThanHours * HOUR_MS;
    const page = await ctx.listEnded({ jobId: input.job, endedBefore, states }, { after, limit: PAGE });
    items.push(...page.map(({ run, ...around }) => itemOf(plan, run, around)));
    after = page.at(-1)?.run.id ?? null;
    if (page.length < PAGE) break;
    await nextTurn();
  }
  return keepPlan(ctx, plan, items.slice(0, MOST_ITEMS), input.dryRun ?? false);
}

function finalStates(states: readonly RunState[]): FinalState[] {
  const active = states.find((state) => !isFinal(state));
  if (active === undefined) return states.filter(isFinal);
  throw new AppError("INVALID_INPUT", `Expected states a run can end in, found "${active}".`, {
    state: active,
  });
}

function itemOf(plan: Plan, run: Run, around: Surroundings): PlanItem {
  const choice = chooseDeletion(run, around);
  const at = run.endedAt;
  return {
    planId: plan.id,
    runId: run.id,
    jobId: run.jobId,
    ...choice,
    runState: run.state,
    runVersion: run.version,
    verdict: run.verdict,
    health: null,
    evidence: [{ fact: "ended", value: run.reason ?? run.state, at }],
    ageMs: ageOf(run, plan.createdAt),
    result: choice.action === "delete" ? "planned" : "kept",
    detail: null,
    at: null,
  };
}
