import { setImmediate as nextTurn } from "node:timers/promises";
import type { Surroundings } from "@/lib/domain/deletion";
import type { PlanId, RunId } from "@/lib/domain/ids";
import type { RunSpec } from "@/lib/domain/job";
import type { PlanItem } from "@/lib/domain/plan";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { ItemKey, ItemOutcome, Leftovers } from "@/lib/domain/ports/plans";
import { ACTIVE_STATES, type Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { deleteWhatHangsOn, ROWS_AT_ONCE } from "./job-deletion";
import { at, openItem, settle } from "./plan-items";
import type { Store, Transaction } from "./transaction";

const DELETED = "run.deleted";

/**
 * The first half of a deletion: the rows of the run, its events and its use of the machine go, and the audit row says which files
 * go after them. From then on its lineage cannot be resumed, so the files can be removed without a race.
 * @param obstacle why it must stay; null: nothing is in the way
 * @returns what to remove from disk; a word when there is nothing to do for the item
 */
export function deleteRunRows(
  store: Store,
  key: ItemKey,
  obstacle: (item: PlanItem, run: Run, around: Surroundings) => string | null,
  actor: string,
  reason: string | null,
  now: number,
): Promise<Leftovers | ItemOutcome> {
  return store.write(async (tx, db) => {
    const open = await openItem(tx, key);
    if (typeof open === "string") return open;
    const { item, run } = open;
    if (run === null)
      return (await begunBefore(tx, key)) ?? settle(tx, key, "skipped", "It was deleted meanwhile.", now);
    const others = await tx.run.findMany({
      where: { lineageId: run.lineageId, id: { not: run.id } },
      select: { id: true, state: true, unsettled: true, trigger: true, spec: true },
    });
    const lineageOpen = others.some((other) => other.unsettled || isActiveState(other.state));
    const adoptedAs = startedFrom(others).get(run.id) ?? null;
    const why = obstacle(item, run, { lineageOpen, isNewest: await isNewest(tx, run), adoptedAs });
    if (why !== null) return settle(tx, key, "skipped", why, now);
    const leftovers = {
      runId: run.id,
      jobId: run.jobId,
      lineageId: others.length === 0 ? run.lineageId : null,
      cwd: run.realCwd ?? run.spec.cwd,
      checkpoint: run.spec.checkpoint,
      runAs: run.spec.runAs,
    };
    while (deleteWhatHangsOn(db, run.id) === ROWS_AT_ONCE) await nextTurn();
    await tx.run.delete({ where: { id: run.id } });
    writeAudit(db, auditOf(run, leftovers, key.planId, actor, reason), now);
    await tx.planItem.update({
      where: at(key),
      data: { detail: "Its rows are deleted; its files follow." },
    });
    return leftovers;
  });
}

/** The second half: what became of its files. */
export function settleDeletion(
  store: Store,
  key: ItemKey,
  problem: string | null,
  detail: string,
  now: number,
): Promise<ItemOutcome> {
  return store.write((tx) =>
    problem === null ? settle(tx, key, "done", detail, now) : settle(tx, key, "failed", problem, now),
  );
}

/** A dashboard that died between the two halves left the audit row behind. */
async function begunBefore(tx: Transaction, key: ItemKey): Promise<Leftovers | null> {
  const rows = await tx.audit.findMany({ where: { runId: key.runId, action: DELETED } });
  for (const { details } of rows) {
    const { planId, leftovers } = JSON.parse(details) as { planId: PlanId; leftovers: Leftovers };
    if (planId === key.planId) return leftovers;
  }
  return null;
}

async function isNewest(tx: Transaction, run: Run): Promise<boolean> {
  return (await tx.job.count({ where: { newestRunId: run.id } })) > 0;
}

function auditOf(
  run: Run,
  leftovers: Leftovers,
  planId: PlanId,
  actor: string,
  reason: string | null,
): AuditEntry {
  const { state, cause, exitCode, queuedAt, startedAt, endedAt, lineageId, logBytes, progress } = run;
  const was = { state, cause, exitCode, queuedAt, startedAt, endedAt, lineageId, logBytes, progress };
  return {
    actor,
    action: DELETED,
    jobId: run.jobId,
    runId: run.id,
    reason,
    details: { planId, was, leftovers },
  };
}

/** Of adopted runs, by the run they were started as. */
export function startedFrom(
  runs: readonly { readonly id: string; readonly trigger: string; readonly spec: string }[],
): ReadonlyMap<string, RunId> {
  return new Map(
    runs
      .filter(({ trigger }) => trigger === "adopt")
      .map(({ id, spec }) => [(JSON.parse(spec) as RunSpec).adopted?.run ?? "", id as RunId]),
  );
}

function isActiveState(state: string): boolean {
  return (ACTIVE_STATES as readonly string[]).includes(state);
}
