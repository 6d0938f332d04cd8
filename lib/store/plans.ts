import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanCounts, PlanItem, PlanKind, PlanResult } from "@/lib/domain/plan";
import { type AuditEntry, writeAudit } from "./audit";
import type { Plan as PlanRow } from "./generated/client";
import { fromPlan, fromPlanItem, noCounts, toPlan, toPlanItem } from "./plan-rows";
import { allOf, sql } from "./sql";
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
    if (from > 0) await nextTurn();
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
  const conditions = [
    ...(kind === null ? [] : [sql`"kind" = ${kind}`]),
    ...(page.before === null ? [] : [sql`"id" < ${page.before}`]),
    // Plan by plan, so that it costs what the page costs and not all items there are.
    ...(jobId === null
      ? []
      : [sql`EXISTS (SELECT 1 FROM "PlanItem" WHERE "jobId" = ${jobId} AND "planId" = "Plan"."id")`]),
    ...(runId === null
      ? []
      : [
          sql`EXISTS (SELECT 1 FROM "PlanItem"
            WHERE "planId" = "Plan"."id" AND "runId" = ${runId} AND "result" = 'done')`,
        ]),
  ];
  const rows = await store.read.$queryRaw<PlanRow[]>`
    SELECT * FROM "Plan" WHERE ${allOf(conditions)} ORDER BY "id" DESC LIMIT ${page.limit + 1}`;
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

/** A plan may have tens of thousands of items, so each is counted by itself: others get their turn in between. */
async function counted(store: Store, plans: readonly Plan[]): Promise<CountedPlan[]> {
  const found: CountedPlan[] = [];
  for (const plan of plans) {
    const groups = await store.read.$queryRaw<{ result: string; many: number | bigint }[]>`
      SELECT "result", count(*) AS "many" FROM "PlanItem" WHERE "planId" = ${plan.id} GROUP BY "result"`;
    const counts: Record<string, number> = noCounts();
    for (const { result, many } of groups) counts[result] = Number(many);
    found.push({ plan, counts: counts as PlanCounts });
    await nextTurn();
  }
  return found;
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

type JobItems = {
  readonly action: string;
  readonly result: string;
  readonly many: number | bigint;
  readonly lastAt: number | bigint | null;
};

/** What plans have done to a job's runs, those that are deleted by now included; plan by plan. */
export async function countJobCleanups(store: Store, jobId: JobId): Promise<JobCleanups> {
  const groups: JobItems[] = [];
  for (let after = ""; ; await nextTurn()) {
    const [plan] = await store.read.$queryRaw<{ id: string | null }[]>`
      SELECT min("planId") AS "id" FROM "PlanItem" WHERE "jobId" = ${jobId} AND "planId" > ${after}`;
    if (plan?.id == null) break;
    groups.push(
      ...(await store.read.$queryRaw<JobItems[]>`
        SELECT "action", "result", count(*) AS "many", max(CAST("at" AS INTEGER)) AS "lastAt" FROM "PlanItem"
        WHERE "jobId" = ${jobId} AND "planId" = ${plan.id} AND "result" IN ('done', 'undone') GROUP BY 1, 2`),
    );
    after = plan.id;
  }
  const count = (action: string, result: string) =>
    groups
      .filter((group) => group.action === action && group.result === result)
      .reduce((sum, { many }) => sum + Number(many), 0);
  const times = groups.flatMap(({ lastAt }) => (lastAt === null ? [] : [Number(lastAt)]));
  return {
    cleaned: count("clean", "done"),
    undone: count("clean", "undone"),
    deleted: count("delete", "done"),
    lastAt: times.length === 0 ? null : Math.max(...times),
  };
}
