import { randomUUID } from "node:crypto";
import type { PlanId } from "@/lib/domain/ids";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { Run } from "@/lib/domain/run";
import { T0 } from "./factories";

let made = 0;

/** A plan that is ready to be applied, made now. */
export function aPlan(changes: Partial<Plan> = {}): Plan {
  made += 1;
  const id =
    `plan_${String(made).padStart(10, "0")}${randomUUID().replaceAll("-", "").slice(0, 10)}` as PlanId;
  return {
    id,
    kind: "cleanup",
    state: "ready",
    trigger: "manual",
    actor: "operator",
    appliedBy: null,
    ageMs: 1_000,
    createdAt: T0,
    appliedAt: null,
    finishedAt: null,
    undoneAt: null,
    jobs: [],
    tags: [],
    runs: [],
    states: [],
    reason: null,
    ...changes,
  };
}

/** One that is being carried out. */
export function anApplyingPlan(changes: Partial<Plan> = {}): Plan {
  return aPlan({ state: "applying", appliedBy: "operator", appliedAt: T0 + 1, ...changes });
}

/** What a plan is to do with a run, as that run is now. */
export function anItem(plan: Plan, run: Run, changes: Partial<PlanItem> = {}): PlanItem {
  return {
    planId: plan.id,
    runId: run.id,
    jobId: run.jobId,
    action: plan.kind === "delete" ? "delete" : "clean",
    why: "Dead.",
    runState: run.state,
    runVersion: run.version,
    verdict: "dead",
    health: null,
    evidence: [],
    ageMs: 5_000,
    result: "planned",
    detail: null,
    at: null,
    ...changes,
  };
}
