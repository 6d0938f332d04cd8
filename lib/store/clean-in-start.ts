import type { CleanFirst } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { fromPlan, fromPlanItem } from "./plan-rows";
import { saveEvent } from "./save-event";
import type { Statements } from "./statements";

/** Cleans a dead run in the very transaction that queues its successor, and leaves the plan that says so. */
export function cleanInStart(
  db: Statements,
  run: Run,
  { reason, plan, item }: CleanFirst,
  now: number,
): void {
  const { actor } = plan;
  const details = { planId: plan.id, trigger: plan.trigger };
  const audit = { actor, action: "run.cleaned", jobId: run.jobId, runId: run.id, reason, details };
  const change = saveEvent(db, run, { type: "cleaned", reason, planId: plan.id }, now, audit);
  if (!change.ok) throw new Error(`${run.id} was to be cleaned by a start: ${change.reason}`);
  db.insert("Plan", fromPlan(plan));
  db.insert("PlanItem", fromPlanItem(item));
  writeAudit(db, { actor, action: "cleanup.applied", jobId: run.jobId, reason, details }, now);
}
