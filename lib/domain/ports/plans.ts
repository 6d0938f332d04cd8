import type { Surroundings } from "../deletion";
import type { JobId, PlanId, RunId } from "../ids";
import type { CountedPlan, Plan, PlanItem, PlanKind, PlanResult } from "../plan";
import type { Run } from "../run";
import type { UndoItem, UndoOutcome } from "../undo";
import type { AuditEntry } from "./audit";
import type { After, Before } from "./page";

export type PlanFilter = {
  readonly kind: PlanKind | null;
  /** Plans with a run of this job. */
  readonly jobId: JobId | null;
  /** Plans that have changed this run, and stand. */
  readonly runId: RunId | null;
};

/** `lastAt`: epoch milliseconds; null: never. */
export type JobCleanups = {
  readonly cleaned: number;
  readonly undone: number;
  readonly deleted: number;
  readonly lastAt: number | null;
};

export type ItemKey = { readonly planId: PlanId; readonly runId: RunId };

export type Plans = {
  insertPlan(plan: Plan, items: readonly PlanItem[], audit: AuditEntry): Promise<void>;
  findPlan(id: PlanId): Promise<CountedPlan | null>;
  /** Newest first; one more than `limit` when there is more. */
  listPlans(filter: PlanFilter, page: Before): Promise<CountedPlan[]>;
  /** By run; one more than `limit` when there is more. */
  listPlanItems(id: PlanId, result: PlanResult | null, page: After): Promise<PlanItem[]>;
  /**
   * @param decide sees the plan as it is in the transaction that changes it; null leaves it
   * @returns the plan as it is then; null when there is none
   */
  changePlan(id: PlanId, decide: (plan: Plan) => Plan | null, audit: AuditEntry | null): Promise<Plan | null>;
  /** What an undo would do to each run that a plan has cleaned. @param runs null: all of them */
  listUndo(id: PlanId, runs: readonly RunId[] | null): Promise<UndoItem[]>;
  /** @param expected what the preview promised: anything else is not done. null: what is right now */
  undoItem(
    key: ItemKey,
    reason: string | null,
    audit: AuditEntry,
    expected: UndoOutcome | null,
  ): Promise<PlanResult>;
  countJobCleanups(id: JobId): Promise<JobCleanups>;
};

/** What is to be done with an item, decided on what is read in the transaction that does it. */
export type ItemDecision =
  | { readonly ok: true; readonly reason: string; readonly audit: AuditEntry }
  | { readonly ok: false; readonly detail: string };

/** `stopped`: the plan is not being applied (any more), so nothing of it is touched. */
export type ItemOutcome = PlanResult | "stopped";

/** Where the files of a deleted run are; kept in the audit row, which outlives them and the run. */
export type Leftovers = {
  readonly runId: RunId;
  readonly jobId: JobId;
  /** Set when no other run of the lineage is left. */
  readonly lineageId: RunId | null;
  readonly cwd: string;
  readonly checkpoint: string | null;
  /** Left out: written before jobs had one. */
  readonly runAs?: string | null;
};

/** What could not be removed is named in `problems`. */
export type Removal = { readonly removed: readonly string[]; readonly problems: readonly string[] };

export type PlanWork = {
  /** @param decide may only look at what it is handed */
  cleanItem(
    key: ItemKey,
    decide: (item: PlanItem, run: Run | null, plan: Plan) => ItemDecision,
  ): Promise<ItemOutcome>;
  /** An item that could not be dealt with at all. */
  failItem(key: ItemKey, detail: string): Promise<ItemOutcome>;
  /**
   * @param obstacle why the run must stay; null: nothing is in the way
   * @returns which files to remove; a word when there is nothing to do
   */
  deleteRunRows(
    key: ItemKey,
    obstacle: (item: PlanItem, run: Run, around: Surroundings) => string | null,
    actor: string,
    reason: string | null,
  ): Promise<Leftovers | ItemOutcome>;
  settleDeletion(key: ItemKey, problem: string | null, detail: string): Promise<ItemOutcome>;
};
