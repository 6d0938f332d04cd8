import { setImmediate as nextTurn } from "node:timers/promises";
import { writeAudit } from "./audit";
import { anyOf, type Sql, sql } from "./sql";
import type { Store } from "./transaction";

const DAY_MS = 86_400_000;

/** What is kept, and for how long: docs/deploy.md#what-is-kept-and-for-how-long. Runs and their logs go by plans of people only. */
export const KEPT = {
  /** Since they were acknowledged. */
  alertsMs: 90 * DAY_MS,
  alertsMost: 1_000,
  /** Never applied: it says what would have been done that long ago. */
  unusedPlansMs: 30 * DAY_MS,
  plansMs: 400 * DAY_MS,
  auditMs: 400 * DAY_MS,
  auditMost: 1_000_000,
  /** Of each schedule. */
  slotsMost: 1_000,
} as const;

export type Dropped = {
  readonly alerts: number;
  readonly plans: number;
  readonly planItems: number;
  readonly auditRows: number;
  readonly slots: number;
};

const ROWS_AT_ONCE = 1_000;

/** Drops what is no longer needed, in pages, and leaves an audit row that counts it. */
export async function dropOld(store: Store, now: number): Promise<Dropped> {
  const dropped = {
    alerts: await dropAlerts(store, now),
    ...(await dropPlans(store, now)),
    auditRows: await dropAudit(store, now),
    slots: await dropSlots(store),
  };
  const some = Object.values(dropped).some((count) => count > 0);
  const entry = { actor: "system", action: "retention.dropped", details: dropped };
  if (some) await store.change((db) => writeAudit(db, entry, now));
  return dropped;
}

async function dropAlerts(store: Store, now: number): Promise<number> {
  const old = await inPages(
    store,
    sql`
    DELETE FROM "Alert" WHERE "id" IN (
      SELECT "id" FROM "Alert" WHERE "acknowledgedAt" < ${now - KEPT.alertsMs} LIMIT ${ROWS_AT_ONCE})`,
  );
  const beyond = await inPages(
    store,
    sql`
    DELETE FROM "Alert" WHERE "id" IN (
      SELECT "id" FROM "Alert" WHERE "id" <= (
        SELECT "id" FROM "Alert" ORDER BY "id" DESC LIMIT 1 OFFSET ${KEPT.alertsMost}) LIMIT ${ROWS_AT_ONCE})`,
  );
  return old + beyond;
}

/** A plan under way stays, however old; the items of the others go first, the plans last. */
async function dropPlans(store: Store, now: number): Promise<Pick<Dropped, "plans" | "planItems">> {
  let [plans, planItems] = [0, 0];
  for (let after: string | null = ""; after !== null; await nextTurn()) {
    const { old, next }: OldPlans = await oldPlans(store, after, now);
    planItems += await inPages(
      store,
      sql`
      DELETE FROM "PlanItem" WHERE rowid IN (
        SELECT rowid FROM "PlanItem" WHERE "planId" IN ${anyOf(old)} LIMIT ${ROWS_AT_ONCE})`,
    );
    if (old.length > 0)
      plans += await store.write((tx) => tx.$executeRaw`DELETE FROM "Plan" WHERE "id" IN ${anyOf(old)}`);
    after = next;
  }
  return { plans, planItems };
}

type OldPlans = { readonly old: readonly string[]; readonly next: string | null };

const PLANS_AT_ONCE = 200;

/** Those that are old among the next few. `next`: where to go on; null: these were the last. */
async function oldPlans(store: Store, after: string, now: number): Promise<OldPlans> {
  const rows = await store.read.$queryRaw<{ id: string; old: number | bigint }[]>`
    SELECT "id", "state" <> 'applying' AND ("createdAt" < ${now - KEPT.plansMs}
      OR "createdAt" < ${now - KEPT.unusedPlansMs} AND "appliedAt" IS NULL) AS "old"
    FROM "Plan" WHERE "id" > ${after} ORDER BY "id" LIMIT ${PLANS_AT_ONCE}`;
  const old = rows.filter((row) => Number(row.old) === 1).map(({ id }) => id);
  return { old, next: rows.length < PLANS_AT_ONCE ? null : (rows.at(-1)?.id ?? null) };
}

/**
 * The database lets go only of what is below a cut that the audit itself has recorded (a trigger), so the cut comes first. Ids of the audit grow
 * with time, so its oldest rows are looked at, not all of them.
 */
async function dropAudit(store: Store, now: number): Promise<number> {
  // Counted once: else each cut, a row itself, would let one more row go, and there would be no end.
  const beyond = newestAudit(store) - KEPT.auditMost;
  for (let dropped = 0; ; await nextTurn()) {
    const below = cutOf(store, now, beyond);
    if (below === null) return dropped;
    const entry = { actor: "system", action: "audit.cut", details: { below } };
    await store.change((db) => writeAudit(db, entry, now));
    dropped += await inPages(
      store,
      sql`
      DELETE FROM "Audit" WHERE "id" IN (SELECT "id" FROM "Audit" WHERE "id" < ${below} ORDER BY "id" LIMIT ${ROWS_AT_ONCE})`,
    );
  }
}

const LOOKED_AT = 100 * ROWS_AT_ONCE;

function newestAudit({ look }: Store): number {
  return Number(look.one<{ newest: bigint | null }>`SELECT max("id") AS "newest" FROM "Audit"`?.newest ?? 0);
}

/**
 * The id of the first row that stays, as far as is looked now; null: the very first one does. A row that a wrong clock has dated too early goes
 * with those before it, never the other way round.
 * @param beyond there are enough behind this id
 */
function cutOf({ look }: Store, now: number, beyond: number): number | null {
  const row = look.one<{ first: bigint | null; stays: bigint | null; last: bigint | null }>`
    SELECT min("id") AS "first", max("id") AS "last",
      min(CASE WHEN "at" < ${now - KEPT.auditMs} OR "id" <= ${beyond} THEN NULL ELSE "id" END) AS "stays"
    FROM (SELECT "id", "at" FROM "Audit" ORDER BY "id" LIMIT ${LOOKED_AT})`;
  if (row === null || row.first === null || row.last === null || row.stays === row.first) return null;
  return Number(row.stays ?? row.last + 1n);
}

const SCHEDULES_AT_ONCE = 200;

/** By number, not by age: of a schedule that comes once a year each time is worth keeping. What is still to be started stays. */
async function dropSlots(store: Store): Promise<number> {
  let dropped = 0;
  for (let after: string | null = ""; after !== null; await nextTurn()) {
    const rows: readonly { id: string; last: bigint | null }[] = store.look.all<{
      id: string;
      last: bigint | null;
    }>`
      SELECT "id", (SELECT "slot" FROM "Slot" WHERE "scheduleId" = s."id"
        ORDER BY "slot" DESC LIMIT 1 OFFSET ${KEPT.slotsMost}) AS "last"
      FROM "Schedule" s WHERE "id" > ${after} ORDER BY "id" LIMIT ${SCHEDULES_AT_ONCE}`;
    for (const { id, last } of rows)
      if (last !== null)
        dropped += await inPages(
          store,
          sql`
          DELETE FROM "Slot" WHERE rowid IN (SELECT rowid FROM "Slot" WHERE "scheduleId" = ${id}
            AND "slot" <= ${last} AND "state" NOT IN ('due', 'waiting') LIMIT ${ROWS_AT_ONCE})`,
        );
    after = rows.length < SCHEDULES_AT_ONCE ? null : (rows.at(-1)?.id ?? null);
  }
  return dropped;
}

async function inPages(store: Store, statement: Sql): Promise<number> {
  for (let all = 0; ; await nextTurn()) {
    const count = await store.write((tx) => tx.$executeRaw(statement));
    all += count;
    if (count < ROWS_AT_ONCE) return all;
  }
}
