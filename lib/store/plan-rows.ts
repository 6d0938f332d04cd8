import type { Fact, Health } from "@/lib/domain/health";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import {
  PLAN_RESULTS,
  type Plan,
  type PlanAction,
  type PlanCounts,
  type PlanItem,
  type PlanKind,
  type PlanResult,
  type PlanState,
  type PlanTrigger,
} from "@/lib/domain/plan";
import type { RunState } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import type { PlanItem as PlanItemRow, Plan as PlanRow } from "./generated/client";

/** Like rows.ts: only these functions write the rows, so what they read is what they wrote. */
function stored<Value>(value: unknown): Value {
  return value as Value;
}

type Filter = Pick<Plan, "jobs" | "tags" | "runs" | "states" | "appliedBy">;

export function toPlan(row: PlanRow): Plan {
  const { jobs, tags, runs, states, appliedBy } = stored<Filter>(JSON.parse(row.filter));
  return {
    id: stored<PlanId>(row.id),
    kind: stored<PlanKind>(row.kind),
    state: stored<PlanState>(row.state),
    trigger: stored<PlanTrigger>(row.trigger),
    actor: row.actor,
    ageMs: row.ageMs === null ? null : Number(row.ageMs),
    jobs,
    tags,
    runs,
    states,
    reason: row.reason,
    appliedBy,
    createdAt: row.createdAt.getTime(),
    appliedAt: row.appliedAt?.getTime() ?? null,
    finishedAt: row.finishedAt?.getTime() ?? null,
    undoneAt: row.undoneAt?.getTime() ?? null,
  };
}

export function fromPlan(plan: Plan): PlanRow {
  const { jobs, tags, runs, states, appliedBy } = plan;
  return {
    id: plan.id,
    kind: plan.kind,
    state: plan.state,
    trigger: plan.trigger,
    actor: plan.actor,
    ageMs: plan.ageMs === null ? null : BigInt(Math.round(plan.ageMs)),
    filter: JSON.stringify({ jobs, tags, runs, states, appliedBy }),
    reason: plan.reason,
    createdAt: new Date(plan.createdAt),
    appliedAt: date(plan.appliedAt),
    finishedAt: date(plan.finishedAt),
    undoneAt: date(plan.undoneAt),
  };
}

export function toPlanItem(row: PlanItemRow): PlanItem {
  return {
    planId: stored<PlanId>(row.planId),
    runId: stored<RunId>(row.runId),
    jobId: stored<JobId>(row.jobId),
    action: stored<PlanAction>(row.action),
    why: row.why,
    runState: stored<RunState>(row.runState),
    runVersion: row.runVersion,
    verdict: stored<RecoveryVerdict | null>(row.verdict),
    health: stored<Health | null>(row.health),
    evidence: stored<Fact[]>(JSON.parse(row.evidence)),
    ageMs: Number(row.ageMs),
    result: stored<PlanResult>(row.result),
    detail: row.detail,
    at: row.at?.getTime() ?? null,
  };
}

export function fromPlanItem(item: PlanItem): PlanItemRow {
  return {
    ...item,
    evidence: JSON.stringify(item.evidence),
    ageMs: BigInt(Math.round(item.ageMs)),
    at: date(item.at),
  };
}

export function noCounts(): Record<PlanResult, number> {
  return stored<PlanCounts>(Object.fromEntries(PLAN_RESULTS.map((result) => [result, 0])));
}

function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
