import type { RunId } from "@/lib/domain/ids";
import {
  type CountedPlan,
  PLAN_RESULTS,
  type Plan,
  type PlanCounts,
  type PlanItem,
  type PlanResult,
} from "@/lib/domain/plan";
import type { ItemKey, ItemOutcome, Leftovers, Plans, PlanWork } from "@/lib/domain/ports/plans";
import type { Run } from "@/lib/domain/run";
import { undoneDetail, undoOutlook } from "@/lib/domain/undo";
import { saveEvent, surroundingsOf } from "./runs";
import { atOnce, byId, saveRun, type Tables, withEntry, withoutEntry, writeAudit } from "./tables";

function itemOf({ items }: Tables, { planId, runId }: ItemKey): PlanItem | null {
  return items.find((item) => item.planId === planId && item.runId === runId) ?? null;
}

function changeItem(tables: Tables, key: ItemKey, changes: Partial<PlanItem>): void {
  const before = itemOf(tables, key);
  tables.items = tables.items.map((item) => (item === before ? { ...item, ...changes } : item));
}

function settle<Result extends PlanResult>(
  tables: Tables,
  key: ItemKey,
  result: Result,
  detail: string,
  at: number,
): Result {
  changeItem(tables, key, { result, detail, at });
  return result;
}

function counted(tables: Tables, plan: Plan): CountedPlan {
  const own = tables.items.filter(({ planId }) => planId === plan.id);
  const counts = PLAN_RESULTS.map((result) => [result, own.filter((item) => item.result === result).length]);
  return { plan, counts: Object.fromEntries(counts) as PlanCounts };
}

type OpenItem = { readonly item: PlanItem; readonly plan: Plan; readonly run: Run | null };

/** One that is still to be dealt with; else how it stands. */
function openItem(tables: Tables, key: ItemKey): OpenItem | ItemOutcome {
  const item = itemOf(tables, key);
  const plan = tables.plans.get(key.planId);
  if (item === null || plan?.state !== "applying") return "stopped";
  if (item.result !== "planned") return item.result;
  return { item, plan, run: tables.runs.get(key.runId) ?? null };
}

/** What was cleaned, and the run of ours that was started since. */
function lookAtCleaned(tables: Tables, { runId, jobId }: PlanItem) {
  const newest = tables.jobs.get(jobId)?.newest ?? null;
  const newer = newest === null || newest === runId ? undefined : tables.runs.get(newest);
  const state = tables.runs.get(runId)?.state ?? null;
  return { state, newer: newer === undefined || newer.imported !== null ? null : newer.id };
}

export function planPorts(tables: Tables, clock: () => number): Plans {
  return {
    insertPlan: async (plan, items, audit) => {
      tables.plans = withEntry(tables.plans, plan.id, plan);
      tables.items = [...tables.items, ...items];
      writeAudit(tables, audit, plan.createdAt);
    },
    findPlan: async (id) => {
      const plan = tables.plans.get(id);
      return plan === undefined ? null : counted(tables, plan);
    },
    listPlans: async ({ kind, jobId, runId }, { before, limit }) => {
      const has = (plan: Plan, fits: (item: PlanItem) => boolean) =>
        tables.items.some((item) => item.planId === plan.id && fits(item));
      return byId(tables.plans.values(), ({ id }) => id)
        .reverse()
        .filter((plan) => kind === null || plan.kind === kind)
        .filter((plan) => jobId === null || has(plan, (item) => item.jobId === jobId))
        .filter(
          (plan) => runId === null || has(plan, (item) => item.runId === runId && item.result === "done"),
        )
        .filter(({ id }) => before === null || id < before)
        .slice(0, limit + 1)
        .map((plan) => counted(tables, plan));
    },
    listPlanItems: async (id, result, { after, limit }) =>
      byId(tables.items, ({ runId }) => runId)
        .filter(({ planId, runId }) => planId === id && runId > (after ?? ""))
        .filter((item) => result === null || item.result === result)
        .slice(0, limit + 1),
    changePlan: async (id, decide, audit) =>
      atOnce(tables, () => {
        const before = tables.plans.get(id);
        if (before === undefined) return null;
        const after = decide(before);
        if (after === null) return before;
        tables.plans = withEntry(tables.plans, id, after);
        if (audit !== null) writeAudit(tables, audit, clock());
        return after;
      }),
    listUndo: async (id, runs) =>
      byId(tables.items, ({ runId }) => runId)
        .filter(
          ({ planId, runId, result }) =>
            planId === id && result === "done" && (runs?.includes(runId) ?? true),
        )
        .map((item) => ({
          runId: item.runId,
          jobId: item.jobId,
          ...undoOutlook(lookAtCleaned(tables, item)),
        })),
    undoItem: async (key, reason, audit, expected) =>
      atOnce(tables, () => {
        const item = itemOf(tables, key);
        if (item?.result !== "done") return item?.result ?? "failed";
        const outlook = undoOutlook(lookAtCleaned(tables, item));
        const run = tables.runs.get(key.runId);
        const { outcome } = outlook;
        if (run === undefined || outcome === "unchanged" || (expected ?? outcome) !== outcome) {
          changeItem(tables, key, { detail: `Not put back. ${outlook.why}` });
          return "done";
        }
        const change = saveEvent(tables, run, { type: "clean_undone", reason }, clock(), audit);
        if (!change.ok) throw new Error(`${run.id} was to be put back: ${change.reason}`);
        if (outcome === "state_only") saveRun(tables, { ...change.run, unsettled: false });
        return settle(tables, key, "undone", undoneDetail(outlook, reason), clock());
      }),
    countJobCleanups: async (id) => {
      const own = tables.items.filter(
        ({ jobId, result }) => jobId === id && (result === "done" || result === "undone"),
      );
      const count = (action: string, result: string) =>
        own.filter((item) => item.action === action && item.result === result).length;
      const times = own.flatMap(({ at }) => at ?? []);
      return {
        cleaned: count("clean", "done"),
        undone: count("clean", "undone"),
        deleted: count("delete", "done"),
        lastAt: times.length === 0 ? null : Math.max(...times),
      };
    },
  };
}

export function planWorkPorts(tables: Tables, clock: () => number): PlanWork {
  return {
    cleanItem: async (key, decide) =>
      atOnce(tables, () => {
        const open = openItem(tables, key);
        if (typeof open === "string") return open;
        const { item, plan, run } = open;
        const decided = decide(item, run, plan);
        if (!decided.ok) return settle(tables, key, "skipped", decided.detail, clock());
        if (run === null) return settle(tables, key, "skipped", GONE, clock());
        const event = { type: "cleaned", reason: decided.reason, planId: plan.id } as const;
        const change = saveEvent(tables, run, event, clock(), decided.audit);
        if (!change.ok) return settle(tables, key, "skipped", change.reason, clock());
        return settle(tables, key, "done", decided.reason, clock());
      }),
    failItem: async (key, detail) => settle(tables, key, "failed", detail, clock()),
    deleteRunRows: async (key, obstacle, actor, reason) =>
      atOnce(tables, () => {
        const open = openItem(tables, key);
        if (typeof open === "string") return open;
        const { item, run } = open;
        if (run === null) return begunBefore(tables, key) ?? settle(tables, key, "skipped", GONE, clock());
        const why = obstacle(item, run, surroundingsOf(tables, run));
        if (why !== null) return settle(tables, key, "skipped", why, clock());
        const leftovers = leftoversOf(tables, run);
        deleteRows(tables, run.id);
        const details = { planId: key.planId, was: wasOf(run), leftovers };
        const about = { actor, jobId: run.jobId, runId: run.id, reason, details };
        writeAudit(tables, { ...about, action: "run.deleted" }, clock());
        changeItem(tables, key, { detail: "Its rows are deleted; its files follow." });
        return leftovers;
      }),
    settleDeletion: async (key, problem, detail) =>
      problem === null
        ? settle(tables, key, "done", detail, clock())
        : settle(tables, key, "failed", problem, clock()),
  };
}

const GONE = "It was deleted meanwhile.";

/** A deletion whose files were still to be removed. */
function begunBefore({ audits }: Tables, { planId, runId }: ItemKey): Leftovers | null {
  const begun = audits.find(
    (entry) => entry.action === "run.deleted" && entry.runId === runId && entry.details?.planId === planId,
  );
  return (begun?.details?.leftovers as Leftovers | undefined) ?? null;
}

function leftoversOf({ runs }: Tables, { id, jobId, lineageId, realCwd, spec }: Run): Leftovers {
  const others = [...runs.values()].some((run) => run.lineageId === lineageId && run.id !== id);
  return {
    runId: id,
    jobId,
    lineageId: others ? null : lineageId,
    cwd: realCwd ?? spec.cwd,
    checkpoint: spec.checkpoint,
    runAs: spec.runAs,
  };
}

function wasOf({ state, cause, exitCode, queuedAt, startedAt, endedAt, lineageId, logBytes, progress }: Run) {
  return { state, cause, exitCode, queuedAt, startedAt, endedAt, lineageId, logBytes, progress };
}

function deleteRows(tables: Tables, id: RunId): void {
  tables.runs = withoutEntry(tables.runs, id);
  tables.events = tables.events.filter(({ runId }) => runId !== id);
  tables.usage = tables.usage.filter(({ runId }) => runId !== id);
}
