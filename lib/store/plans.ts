import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobId, PlanId } from "@/lib/domain/ids";
import type { CountedPlan, Plan, PlanCounts, PlanItem, PlanResult } from "@/lib/domain/plan";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { JobCleanups, PlanFilter } from "@/lib/domain/ports/plans";
import { writeAudit } from "./audit";
import type { Plan as PlanRow } from "./generated/client";
import { fromPlan, fromPlanItem, noCounts, toPlan, toPlanItem } from "./plan-rows";
import { allOf, anyOf, sql } from "./sql";
import type { Statements } from "./statements";
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
  return store.write((tx, db) => writePlan(tx, db, plan, items, audit));
}

/** The same within a transaction of the caller's. */
export async function writePlan(
  tx: Transaction,
  db: Statements,
  plan: Plan,
  items: readonly PlanItem[],
  audit: AuditEntry,
): Promise<void> {
  await tx.plan.create({ data: fromPlan(plan) });
  for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
    if (from > 0) await nextTurn();
    await insertItems(tx, items.slice(from, from + ITEMS_AT_ONCE));
  }
  writeAudit(db, audit, plan.createdAt);
}

/** As one text: of many rows Prisma makes as many objects twice over. */
async function insertItems(tx: Transaction, items: readonly PlanItem[]): Promise<void> {
  const rows = items
    .map(fromPlanItem)
    .map((row) => ({ ...row, ageMs: Number(row.ageMs), at: row.at?.getTime() ?? null }));
  await tx.$executeRaw`
    INSERT INTO "PlanItem" ("planId", "runId", "jobId", "action", "why", "runState", "runVersion", "verdict", "health", "evidence",
      "ageMs", "result", "detail", "at")
    SELECT item.value ->> 'planId', item.value ->> 'runId', item.value ->> 'jobId', item.value ->> 'action',
      item.value ->> 'why', item.value ->> 'runState', item.value ->> 'runVersion', item.value ->> 'verdict',
      item.value ->> 'health', item.value ->> 'evidence', item.value ->> 'ageMs', item.value ->> 'result',
      item.value ->> 'detail', item.value ->> 'at'
    FROM json_each(${JSON.stringify(rows)}) AS item`;
}

export async function findPlan(store: Store, id: PlanId): Promise<CountedPlan | null> {
  const row = await store.read.plan.findUnique({ where: { id } });
  return row === null ? null : ((await counted(store, [toPlan(row)]))[0] ?? null);
}

/** Newest first. `before`: the id the page before ended with. Answers one more than `limit` when there is more. */
export async function listPlans(
  store: Store,
  { kind, jobId, runId }: PlanFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<CountedPlan[]> {
  const conditions = [
    ...(kind === null ? [] : [sql`"kind" = ${kind}`]),
    ...(runId === null
      ? []
      : [
          // The plus keeps the database from going through all plans: a run is in few of them.
          sql`"id" IN (SELECT "planId" FROM "PlanItem" WHERE "runId" = ${runId} AND +"result" = 'done')`,
        ]),
  ];
  const found: PlanRow[] = [];
  for (let before = page.before; found.length <= page.limit; await nextTurn()) {
    const ids = jobId === null ? null : await plansOfJob(store, jobId, before);
    const within = [
      ...(before === null ? [] : [sql`"id" < ${before}`]),
      ...(ids === null ? [] : [sql`"id" IN ${anyOf(ids)}`]),
    ];
    found.push(
      ...(await store.read.$queryRaw<PlanRow[]>`
        SELECT * FROM "Plan" WHERE ${allOf([...conditions, ...within])}
        ORDER BY "id" DESC LIMIT ${page.limit + 1 - found.length}`),
    );
    if (ids === null || ids.length < PLANS_AT_ONCE) break;
    before = ids.at(-1) ?? null;
  }
  return counted(store, found.map(toPlan));
}

const PLANS_AT_ONCE = 500;

/** The next plans with a run of this job, newest first: one step along the index for each, whatever the number of its runs in it. */
async function plansOfJob(store: Store, jobId: JobId, before: string | null): Promise<readonly string[]> {
  const rows = await store.read.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE "Step" ("id") AS (
      SELECT max("planId") FROM "PlanItem" WHERE "jobId" = ${jobId} AND "planId" < ${before ?? BEYOND_ALL}
      UNION ALL
      SELECT (SELECT max("planId") FROM "PlanItem" WHERE "jobId" = ${jobId} AND "planId" < "Step"."id")
      FROM "Step" WHERE "Step"."id" IS NOT NULL
      LIMIT ${PLANS_AT_ONCE})
    SELECT "id" FROM "Step" WHERE "id" IS NOT NULL`;
  return rows.map(({ id }) => id);
}

const BEYOND_ALL = "plan_~";

/** Plans that were applied and are not done, oldest first. */
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
  return store.write(async (tx, db) => {
    const row = await tx.plan.findUnique({ where: { id } });
    if (row === null) return null;
    const before = toPlan(row);
    const after = decide(before);
    if (after === null) return before;
    await tx.plan.update({ where: { id }, data: fromPlan(after) });
    if (audit !== null) writeAudit(db, audit, now);
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

type JobItems = {
  readonly action: string;
  readonly result: string;
  readonly many: number | bigint;
  readonly lastAt: number | bigint | null;
};

const COUNTED_AT_ONCE = 2_000;

/** What plans have done to a job's runs, those that are deleted by now included. */
export async function countJobCleanups(store: Store, jobId: JobId): Promise<JobCleanups> {
  const groups: JobItems[] = [];
  for (let after = { planId: "", at: 0 }; ; await nextTurn()) {
    const above = sql`"jobId" = ${jobId} AND ("planId", rowid) > (${after.planId}, ${after.at})`;
    const [last] = await store.read.$queryRaw<{ planId: string; at: number | bigint }[]>`
      SELECT "planId", rowid AS "at" FROM "PlanItem" WHERE ${above}
      ORDER BY "planId", rowid LIMIT 1 OFFSET ${COUNTED_AT_ONCE - 1}`;
    const within =
      last === undefined ? above : sql`${above} AND ("planId", rowid) <= (${last.planId}, ${last.at})`;
    groups.push(
      ...(await store.read.$queryRaw<JobItems[]>`
        SELECT "action", "result", count(*) AS "many", max(CAST("at" AS INTEGER)) AS "lastAt" FROM "PlanItem"
        WHERE ${within} AND +"result" IN ('done', 'undone') GROUP BY 1, 2`),
    );
    if (last === undefined) break;
    after = { planId: last.planId, at: Number(last.at) };
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
