import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanCounts, PlanItem, PlanKind, PlanResult } from "@/lib/domain/plan";
import { type AuditEntry, writeAudit } from "./audit";
import { fromPlan, fromPlanItem, noCounts, toPlan, toPlanItem } from "./plan-rows";
import { anyOf } from "./sql";
import type { Store, Transaction } from "./transaction";

/** So many items are written in one statement: the process answers others in between. */
const ITEMS_AT_ONCE = 200;

/** A plan with its items: all of it, or nothing. */
export function insertPlan(
  store: Store,
  plan: Plan,
  items: readonly PlanItem[],
  audit: AuditEntry,
): Promise<void> {
  return store.write((tx) => writePlan(tx, plan, items, audit));
}

/** The same within a transaction of the caller's. */
export async function writePlan(
  tx: Transaction,
  plan: Plan,
  items: readonly PlanItem[],
  audit: AuditEntry,
): Promise<void> {
  await tx.plan.create({ data: fromPlan(plan) });
  for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    await tx.planItem.createMany({ data: items.slice(from, from + ITEMS_AT_ONCE).map(fromPlanItem) });
  }
  await writeAudit(tx, audit, plan.createdAt);
}

export async function findPlan(store: Store, id: PlanId): Promise<CountedPlan | null> {
  const row = await store.read.plan.findUnique({ where: { id } });
  return row === null ? null : ((await counted(store, [toPlan(row)]))[0] ?? null);
}

export type PlanFilter = {
  readonly kind: PlanKind | null;
  /** Plans with a run of this job. */
  readonly jobId: JobId | null;
  /** Plans that have changed this run, and stand. */
  readonly runId: RunId | null;
};

/** Newest first. `before`: the id the page before ended with. Answers one more than `limit` when there is more. */
export async function listPlans(
  store: Store,
  { kind, jobId, runId }: PlanFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<CountedPlan[]> {
  const rows = await store.read.plan.findMany({
    where: {
      ...(kind === null ? {} : { kind }),
      ...(jobId === null ? {} : { items: { some: { jobId } } }),
      ...(runId === null ? {} : { AND: { items: { some: { runId, result: "done" } } } }),
      ...(page.before === null ? {} : { id: { lt: page.before } }),
    },
    orderBy: { id: "desc" },
    take: page.limit + 1,
  });
  return counted(store, rows.map(toPlan));
}

/** Plans somebody applied and that are not done, oldest first. */
export async function listApplying(store: Store): Promise<Plan[]> {
  const rows = await store.read.plan.findMany({
    where: { state: "applying" },
    orderBy: { appliedAt: "asc" },
  });
  return rows.map(toPlan);
}

async function counted(store: Store, plans: readonly Plan[]): Promise<CountedPlan[]> {
  const groups = await store.read.$queryRaw<{ planId: string; result: string; many: number | bigint }[]>`
    SELECT "planId", "result", count(*) AS "many" FROM "PlanItem"
    WHERE "planId" IN ${anyOf(plans.map(({ id }) => id))} GROUP BY "planId", "result"`;
  const counts = new Map<string, Record<string, number>>(plans.map(({ id }) => [id, noCounts()]));
  for (const { planId, result, many } of groups) {
    const of = counts.get(planId);
    if (of !== undefined) of[result] = Number(many);
  }
  return plans.map((plan) => ({ plan, counts: (counts.get(plan.id) ?? noCounts()) as PlanCounts }));
}

/**
 * Changes a plan as it stands at that moment.
 * @param decide the plan as it is to be; null leaves it; may throw an AppError to refuse
 * @returns the plan as it is then; null when there is none
 */
export function changePlan(
  store: Store,
  id: PlanId,
  decide: (plan: Plan) => Plan | null,
  audit: AuditEntry | null,
  now: number,
): Promise<Plan | null> {
  return store.write(async (tx) => {
    const row = await tx.plan.findUnique({ where: { id } });
    if (row === null) return null;
    const before = toPlan(row);
    const after = decide(before);
    if (after === null) return before;
    await tx.plan.update({ where: { id }, data: fromPlan(after) });
    if (audit !== null) await writeAudit(tx, audit, now);
    return after;
  });
}

/** By run, in the order they were made. `after`: the run the page before ended with. */
export async function listPlanItems(
  store: Store,
  planId: PlanId,
  result: PlanResult | null,
  page: { readonly after: string | null; readonly limit: number },
): Promise<PlanItem[]> {
  const rows = await store.read.planItem.findMany({
    where: {
      planId,
      ...(result === null ? {} : { result }),
      ...(page.after === null ? {} : { runId: { gt: page.after } }),
    },
    orderBy: { runId: "asc" },
    take: page.limit + 1,
  });
  return rows.map(toPlanItem);
}

export type JobCleanups = {
  readonly cleaned: number;
  readonly undone: number;
  readonly deleted: number;
  readonly lastAt: number | null;
};

/** What plans have done to a job's runs, those that are deleted by now included. */
export async function countJobCleanups(store: Store, jobId: JobId): Promise<JobCleanups> {
  const groups = await store.read.planItem.groupBy({
    by: ["action", "result"],
    where: { jobId, result: { in: ["done", "undone"] } },
    _count: { _all: true },
    _max: { at: true },
  });
  const count = (action: string, result: string) =>
    groups.find((group) => group.action === action && group.result === result)?._count._all ?? 0;
  const times = groups.flatMap(({ _max }) => (_max.at === null ? [] : [_max.at.getTime()]));
  return {
    cleaned: count("clean", "done"),
    undone: count("clean", "undone"),
    deleted: count("delete", "done"),
    lastAt: times.length === 0 ? null : Math.max(...times),
  };
}
