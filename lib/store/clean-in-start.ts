import type { CleanFirst } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { fromPlan, fromPlanItem } from "./plan-rows";
import { saveEvent } from "./save-event";
import type { Transaction } from "./transaction";

/** Cleans a dead run in the very transaction that queues its successor, and leaves the plan that says so. */
export async function cleanInStart(
  tx: Transaction,
  run: Run,
  { reason, plan, item }: CleanFirst,
  now: number,
): Promise<void> {
  const { actor } = plan;
  const details = { planId: plan.id, trigger: plan.trigger };
  const audit = { actor, action: "run.cleaned", jobId: run.jobId, runId: run.id, reason, details };
  const change = await saveEvent(tx, run, { type: "cleaned", reason, planId: plan.id }, now, audit);
  if (!change.ok) throw new Error(`${run.id} was to be cleaned by a start: ${change.reason}`);
  await tx.plan.create({ data: fromPlan(plan) });
  await tx.planItem.create({ data: fromPlanItem(item) });
  await writeAudit(tx, { actor, action: "cleanup.applied", jobId: run.jobId, reason, details }, now);
}
