import type { PlanId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanResult } from "@/lib/domain/plan";
import type { Run } from "@/lib/domain/run";
import type { AuditEntry } from "./audit";
import { toPlan, toPlanItem } from "./plan-rows";
import { toRun } from "./rows";
import { saveEvent } from "./save-event";
import type { Store, Transaction } from "./transaction";

/** What is to be done with an item, decided on what is read in the transaction that does it. */
export type ItemDecision =
  | {
      readonly ok: true;
      readonly reason: string;
      readonly audit: AuditEntry;
    }
  | { readonly ok: false; readonly detail: string };

/** `stopped`: the plan is not being applied (any more), so nothing of it is touched. */
export type ItemOutcome = PlanResult | "stopped";

/** Cleans one run of a plan, or says why not: its state, its event, the audit row and the item in one transaction. */
export function cleanItem(
  store: Store,
  key: { readonly planId: PlanId; readonly runId: RunId },
  decide: (item: PlanItem, run: Run | null, plan: Plan) => ItemDecision,
  now: number,
): Promise<ItemOutcome> {
  return store.write(async (tx) => {
    const open = await openItem(tx, key);
    if (typeof open === "string") return open;
    const { item, plan, run } = open;
    const decided = decide(item, run, plan);
    if (!decided.ok) return settle(tx, key, "skipped", decided.detail, now);
    if (run === null) return settle(tx, key, "skipped", "It was deleted meanwhile.", now);
    const event = { type: "cleaned", reason: decided.reason, planId: plan.id } as const;
    const change = await saveEvent(tx, run, event, now, decided.audit);
    if (!change.ok) return settle(tx, key, "skipped", change.reason, now);
    return settle(tx, key, "done", decided.reason, now);
  });
}

/** An item that could not be dealt with at all, whatever the reason. */
export function failItem(
  store: Store,
  key: { readonly planId: PlanId; readonly runId: RunId },
  detail: string,
  now: number,
): Promise<ItemOutcome> {
  return store.write((tx) => settle(tx, key, "failed", detail, now));
}

/**
 * Puts a cleaned run back. It is unsettled again unless a newer run of its job has been started since it ended, which has
 * decided about its work.
 */
export function undoItem(
  store: Store,
  key: { readonly planId: PlanId; readonly runId: RunId },
  reason: string,
  audit: AuditEntry,
  now: number,
): Promise<PlanResult> {
  return store.write(async (tx) => {
    const row = await tx.planItem.findUnique({ where: { planId_runId: key } });
    if (row?.result !== "done") return row === null ? "failed" : toPlanItem(row).result;
    const run = await findRun(tx, key.runId);
    const kept = async (why: string) => {
      await tx.planItem.update({ where: { planId_runId: key }, data: { detail: `Not put back: ${why}` } });
      return "done" as const;
    };
    if (run === null) return kept("it was deleted meanwhile.");
    const change = await saveEvent(tx, run, { type: "clean_undone", reason }, now, audit);
    if (!change.ok) return kept(`it is ${run.state} now.`);
    const newer = await tx.run.findFirst({
      where: { jobId: run.jobId, id: { gt: run.id }, imported: null },
      select: { id: true },
      orderBy: { id: "desc" },
    });
    if (newer !== null) await tx.run.update({ where: { id: run.id }, data: { unsettled: false } });
    const detail =
      newer === null
        ? `Put back: ${reason}`
        : `Put back: ${reason} A newer run of its job, ${newer.id}, was started meanwhile, so nothing is left to decide about it.`;
    return (await settle(tx, key, "undone", detail, now)) as PlanResult;
  });
}

type OpenItem = { readonly item: PlanItem; readonly plan: Plan; readonly run: Run | null };

/** An item that is still to be dealt with, with its plan and its run as they are now; else how it stands. */
export async function openItem(
  tx: Transaction,
  key: { readonly planId: PlanId; readonly runId: RunId },
): Promise<OpenItem | ItemOutcome> {
  const row = await tx.planItem.findUnique({ where: { planId_runId: key }, include: { plan: true } });
  if (row?.plan.state !== "applying") return "stopped";
  const item = toPlanItem(row);
  if (item.result !== "planned") return item.result;
  return { item, plan: toPlan(row.plan), run: await findRun(tx, key.runId) };
}

export async function settle(
  tx: Transaction,
  key: { readonly planId: PlanId; readonly runId: RunId },
  result: PlanResult,
  detail: string,
  now: number,
): Promise<ItemOutcome> {
  await tx.planItem.update({
    where: { planId_runId: key },
    data: { result, detail, at: new Date(now) },
  });
  return result;
}

async function findRun(tx: Transaction, id: RunId): Promise<Run | null> {
  const row = await tx.run.findUnique({ where: { id } });
  return row === null ? null : toRun(row);
}
