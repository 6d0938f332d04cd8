import { recheckCleanUp } from "@/lib/domain/clean-up";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Watch } from "@/lib/domain/ports/host";
import type { ItemOutcome, Plans, PlanWork } from "@/lib/domain/ports/plans";
import type { Runs } from "@/lib/domain/ports/runs";
import { isActive } from "@/lib/domain/run";
import { placeOf } from "@/lib/domain/state-place";
import { type DeepSight, withState } from "@/lib/services/commands/see-run";
import { nextTurn } from "@/lib/turns";
import { type DeleteNeeds, deleteOne } from "./delete-one";

export type WorkNeeds = DeepSight &
  DeleteNeeds &
  Pick<Plans, "listPlanItems" | "changePlan"> &
  Pick<PlanWork, "cleanItem" | "failItem"> &
  Pick<Runs, "findRun"> &
  Pick<Watch, "verify"> & {
    /** Whether trying again later may help; else the item is given up and says why. */
    passes(error: unknown): boolean;
  };

const PAGE = 100;

/**
 * Carries a plan out, item by item, each checked again in the transaction that changes it. What is done stays done wherever this is
 * left: by an abort, a shutdown or a crash; calling it again goes on with the rest.
 */
export async function workOffPlan(ctx: WorkNeeds, plan: Plan, signal: AbortSignal): Promise<void> {
  for (let after: string | null = null; !signal.aborted; ) {
    const items: PlanItem[] = await ctx.listPlanItems(plan.id, "planned", { after, limit: PAGE });
    for (const item of items.slice(0, PAGE)) {
      if (signal.aborted) return;
      if ((await workOff(ctx, plan, item)) === "stopped") return;
      await nextTurn();
    }
    if (items.length <= PAGE) break;
    after = items[PAGE - 1]?.runId ?? null;
  }
  if (signal.aborted) return;
  const now = ctx.now();
  const applied = (current: Plan): Plan | null =>
    current.state === "applying" ? { ...current, state: "applied", finishedAt: now } : null;
  await ctx.changePlan(plan.id, applied, null);
}

async function workOff(ctx: WorkNeeds, plan: Plan, item: PlanItem): Promise<ItemOutcome> {
  try {
    return plan.kind === "delete" ? await deleteOne(ctx, plan, item) : await cleanOne(ctx, item);
  } catch (error) {
    if (ctx.passes(error)) throw error;
    return ctx.failItem(item, `It could not be dealt with: ${told(error)}`);
  }
}

async function cleanOne(ctx: WorkNeeds, item: PlanItem): Promise<ItemOutcome> {
  // What is really gone is recorded as such by the supervisor; what lives stays active and is skipped below.
  if (isActive(item.runState)) await ctx.verify(item.runId);
  // Its disk is read before the transaction, which waits for nothing. What a run keeps its state in never changes.
  const run = await ctx.findRun(item.runId);
  const state = run === null ? null : await ctx.readState(placeOf(run));
  return ctx.cleanItem(item, (planned, row, now) => {
    const seen = row === null || state === null ? null : withState(ctx, row, state);
    const recheck = { run: seen?.run ?? null, recovery: seen?.recovery ?? null };
    const checked = recheckCleanUp(planned, recheck);
    return checked.ok ? { ...checked, audit: auditOf(now, planned, checked) } : checked;
  });
}

function auditOf(
  plan: Plan,
  item: PlanItem,
  checked: { reason: string; evidence: PlanItem["evidence"] },
): AuditEntry {
  const { id: planId, trigger, reason: because } = plan;
  return {
    actor: plan.appliedBy ?? plan.actor,
    action: "run.cleaned",
    jobId: item.jobId,
    runId: item.runId,
    reason: checked.reason,
    details: { planId, trigger, because, verdict: item.verdict, evidence: checked.evidence },
  };
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
