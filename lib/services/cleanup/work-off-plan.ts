import { recheckCleanUp } from "@/lib/domain/clean-up";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanResult } from "@/lib/domain/plan";
import { isActive, type Run } from "@/lib/domain/run";
import { placeOf } from "@/lib/domain/state-place";
import { type DeepSight, withState } from "@/lib/services/runs/see-run";
import { nextTurn } from "@/lib/services/turns";
import { type DeleteNeeds, deleteOne } from "./delete-one";

type Key = { readonly planId: PlanId; readonly runId: RunId };
type Audit = {
  actor: string;
  action: string;
  jobId: JobId;
  runId: RunId;
  reason: string;
  details: Readonly<Record<string, unknown>>;
};
type Decision = { ok: true; reason: string; audit: Audit } | { ok: false; detail: string };

export type WorkNeeds = DeepSight &
  DeleteNeeds & {
    listPlanItems(
      id: PlanId,
      result: PlanResult | null,
      page: { after: string | null; limit: number },
    ): Promise<PlanItem[]>;
    /** Looks at a run's real process now. @returns whether the run is over */
    verify(id: RunId): Promise<boolean>;
    findRun(id: RunId): Promise<Run | null>;
    /** `decide` may only look at what it is handed. */
    cleanItem(
      key: Key,
      decide: (item: PlanItem, run: Run | null, plan: Plan) => Decision,
    ): Promise<PlanResult | "stopped">;
    failItem(key: Key, detail: string): Promise<PlanResult | "stopped">;
    changePlan(id: PlanId, decide: (plan: Plan) => Plan | null, audit: null): Promise<Plan | null>;
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

async function workOff(ctx: WorkNeeds, plan: Plan, item: PlanItem): Promise<PlanResult | "stopped"> {
  try {
    return plan.kind === "delete" ? await deleteOne(ctx, plan, item) : await cleanOne(ctx, item);
  } catch (error) {
    if (ctx.passes(error)) throw error;
    return ctx.failItem(item, `It could not be dealt with: ${told(error)}`);
  }
}

async function cleanOne(ctx: WorkNeeds, item: PlanItem): Promise<PlanResult | "stopped"> {
  // What is really gone is written down as such by whoever watches it; what lives stays active and is skipped below.
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
): Audit {
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
