import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { JobId, PlanId, RunId } from "@/lib/domain/ids";
import type { Plan, PlanItem, PlanResult } from "@/lib/domain/plan";
import type { UndoOutcome } from "@/lib/domain/undo";
import type { AuditEntry } from "@/lib/store/audit";
import { findRuns, listEnded } from "@/lib/store/ended-runs";
import { listUndo, undoItem } from "@/lib/store/plan-items";
import {
  changePlan,
  countJobCleanups,
  findPlan,
  insertPlan,
  listPlanItems,
  listPlans,
  type PlanFilter,
} from "@/lib/store/plans";
import { listUnsettled, saveVerdicts, type UnsettledFilter } from "@/lib/store/unsettled";

/** What the services of clean-ups and deletions need of a request's context. */
export function plansOf({ store, nudgePlans }: App) {
  type Ended = Parameters<typeof listEnded>;
  type Before = { before: string | null; limit: number };
  return {
    nudgePlans,
    listUnsettled: (filter: UnsettledFilter, page: Before) => listUnsettled(store, filter, page),
    saveVerdicts: (verdicts: Parameters<typeof saveVerdicts>[1]) => saveVerdicts(store, verdicts),
    findRuns: (ids: readonly RunId[]) => findRuns(store, ids),
    listEnded: (filter: Ended[1], page: Ended[2]) => listEnded(store, filter, page),
    insertPlan: (plan: Plan, items: readonly PlanItem[], audit: AuditEntry) =>
      insertPlan(store, plan, items, audit),
    findPlan: (id: PlanId) => findPlan(store, id),
    listPlans: (filter: PlanFilter, page: Before) => listPlans(store, filter, page),
    listPlanItems: (id: PlanId, result: PlanResult | null, page: { after: string | null; limit: number }) =>
      listPlanItems(store, id, result, page),
    changePlan: (id: PlanId, decide: (plan: Plan) => Plan | null, audit: AuditEntry | null) =>
      changePlan(store, id, decide, audit, wallClock()),
    listUndo: (id: PlanId, runs: readonly RunId[] | null) => listUndo(store, id, runs),
    undoItem: (
      key: { planId: PlanId; runId: RunId },
      reason: string | null,
      audit: AuditEntry,
      expected: UndoOutcome | null,
    ) => undoItem(store, key, reason, audit, wallClock(), expected),
    countJobCleanups: (id: JobId) => countJobCleanups(store, id),
  };
}
