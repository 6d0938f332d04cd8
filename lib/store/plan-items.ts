import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanResult } from "@/lib/domain/plan";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { ItemDecision, ItemKey, ItemOutcome } from "@/lib/domain/ports/plans";
import type { Run } from "@/lib/domain/run";
import {
  type CleanedRun,
  type UndoItem,
  type UndoOutcome,
  undoneDetail,
  undoOutlook,
} from "@/lib/domain/undo";
import { toPlan, toPlanItem } from "./plan-rows";
import { toRun } from "./rows";
import { saveEvent } from "./save-event";
import type { Store, Transaction } from "./transaction";

/** Cleans one run of a plan, or says why not: its state, its event, the audit row and the item in one transaction. */
export function cleanItem(
  store: Store,
  key: ItemKey,
  decide: (item: PlanItem, run: Run | null, plan: Plan) => ItemDecision,
  now: number,
): Promise<ItemOutcome> {
  return store.write(async (tx, db) => {
    const open = await openItem(tx, key);
    if (typeof open === "string") return open;
    const { item, plan, run } = open;
    const decided = decide(item, run, plan);
    if (!decided.ok) return settle(tx, key, "skipped", decided.detail, now);
    if (run === null) return settle(tx, key, "skipped", "It was deleted meanwhile.", now);
    const event = { type: "cleaned", reason: decided.reason, planId: plan.id } as const;
    const change = saveEvent(db, run, event, now, decided.audit);
    if (!change.ok) return settle(tx, key, "skipped", change.reason, now);
    return settle(tx, key, "done", decided.reason, now);
  });
}

/** An item that could not be dealt with at all, whatever the reason. */
export function failItem(store: Store, key: ItemKey, detail: string, now: number): Promise<ItemOutcome> {
  return store.write((tx) => settle(tx, key, "failed", detail, now));
}

/**
 * Puts a cleaned run back. It is unsettled again unless a newer run of its job has been started since it ended, which has
 * decided about its work.
 * @param reason the operator's words; null: none were given
 * @param expected what the preview has promised: anything else is not done. null: whatever is right now
 */
export function undoItem(
  store: Store,
  key: ItemKey,
  reason: string | null,
  audit: AuditEntry,
  now: number,
  expected: UndoOutcome | null = null,
): Promise<PlanResult> {
  return store.write(async (tx, db) => {
    const row = await tx.planItem.findUnique({ where: at(key) });
    if (row?.result !== "done") return row === null ? "failed" : toPlanItem(row).result;
    const [look] = await lookAtCleaned(tx, key.planId, [key.runId]);
    const outlook = undoOutlook(look ?? { state: null, newer: null });
    const run = await findRun(tx, key.runId);
    if (
      run === null ||
      outlook.outcome === "unchanged" ||
      (expected ?? outlook.outcome) !== outlook.outcome
    ) {
      const detail = `Not put back. ${outlook.why}`;
      await tx.planItem.update({ where: at(key), data: { detail } });
      return "done";
    }
    const change = saveEvent(db, run, { type: "clean_undone", reason }, now, audit);
    if (!change.ok) throw new Error(`${run.id} was to be put back: ${change.reason}`);
    if (outlook.outcome === "state_only")
      await tx.run.update({ where: { id: run.id }, data: { unsettled: false } });
    return (await settle(tx, key, "undone", undoneDetail(outlook, reason), now)) as PlanResult;
  });
}

/** What an undo would do to each run that a plan has cleaned and that was not put back, by run. */
export async function listUndo(
  store: Store,
  planId: PlanId,
  runs: readonly RunId[] | null,
): Promise<UndoItem[]> {
  const items: UndoItem[] = [];
  for (let after = ""; ; await nextTurn()) {
    const found = await lookAtCleaned(store.read, planId, runs, after);
    items.push(...found.map(({ runId, jobId, ...look }) => ({ runId, jobId, ...undoOutlook(look) })));
    if (found.length < LOOKED_AT_ONCE) return items;
    after = found.at(-1)?.runId ?? "";
  }
}

type CleanedRow = CleanedRun & { readonly runId: RunId; readonly jobId: JobId };

const LOOKED_AT_ONCE = 500;

/** The next ones after that run. A run that was imported later is history, not a newer run. */
function lookAtCleaned(
  db: Pick<Transaction, "$queryRaw">,
  planId: PlanId,
  runs: readonly RunId[] | null,
  after = "",
): Promise<CleanedRow[]> {
  const wanted = runs === null ? null : JSON.stringify(runs);
  return db.$queryRaw<CleanedRow[]>`
    SELECT "item"."runId", "item"."jobId", "run"."state", "newest"."id" AS "newer" FROM "PlanItem" AS "item"
    LEFT JOIN "Run" AS "run" ON "run"."id" = "item"."runId"
    LEFT JOIN "Job" AS "job" ON "job"."id" = "item"."jobId"
    LEFT JOIN "Run" AS "newest" ON "newest"."id" = "job"."newestRunId" AND "newest"."id" <> "item"."runId"
      AND "newest"."imported" IS NULL
    WHERE "item"."planId" = ${planId} AND "item"."result" = 'done' AND "item"."runId" > ${after}
      AND (${wanted} IS NULL OR "item"."runId" IN (SELECT "value" FROM json_each(${wanted})))
    ORDER BY "item"."runId" LIMIT ${LOOKED_AT_ONCE}`;
}

type OpenItem = { readonly item: PlanItem; readonly plan: Plan; readonly run: Run | null };

/** An item that is still to be dealt with, with its plan and its run as they are now; else how it stands. */
export async function openItem(tx: Transaction, key: ItemKey): Promise<OpenItem | ItemOutcome> {
  const row = await tx.planItem.findUnique({ where: at(key), include: { plan: true } });
  if (row?.plan.state !== "applying") return "stopped";
  const item = toPlanItem(row);
  if (item.result !== "planned") return item.result;
  return { item, plan: toPlan(row.plan), run: await findRun(tx, key.runId) };
}

export async function settle(
  tx: Transaction,
  key: ItemKey,
  result: PlanResult,
  detail: string,
  now: number,
): Promise<ItemOutcome> {
  await tx.planItem.update({
    where: at(key),
    data: { result, detail, at: new Date(now) },
  });
  return result;
}

/** An item is more than its key, and Prisma refuses to be given more. */
export function at({ planId, runId }: ItemKey) {
  return { planId_runId: { planId, runId } };
}

async function findRun(tx: Transaction, id: RunId): Promise<Run | null> {
  const row = await tx.run.findUnique({ where: { id } });
  return row === null ? null : toRun(row);
}
