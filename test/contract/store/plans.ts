import { describe, expect, test } from "vitest";
import { cleanedReason } from "@/lib/domain/clean-up";
import { deletionObstacle } from "@/lib/domain/deletion";
import { makeRunId, type PlanId } from "@/lib/domain/ids";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { ItemDecision } from "@/lib/domain/ports/plans";
import type { Run } from "@/lib/domain/run";
import type { UndoOutcome } from "@/lib/domain/undo";
import { listEnded } from "@/lib/store/ended-runs";
import { cleanItem, failItem, listUndo, undoItem } from "@/lib/store/plan-items";
import { fromPlanItem } from "@/lib/store/plan-rows";
import {
  changePlan,
  countJobCleanups,
  findPlan,
  insertPlan,
  listApplying,
  listPlanItems,
  listPlans,
} from "@/lib/store/plans";
import { deleteRunRows, settleDeletion } from "@/lib/store/run-deletion";
import { findEvent } from "@/lib/store/run-events";
import { findRun } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { jobId, nextRunId, T0 } from "@/test/factories";
import {
  apply,
  audit,
  CLAIMED,
  eventTypes,
  exited,
  givenJob,
  givenQueued,
  LOST,
  type OpenStore,
  opened,
  SPAWNED,
} from "./given";

function aPlan(number: number, changes: Partial<Plan> = {}): Plan {
  return {
    id: `plan_${String(number).padStart(20, "0")}` as PlanId,
    kind: "cleanup",
    state: "applying",
    trigger: "manual",
    actor: "operator",
    ageMs: 86_400_000,
    jobs: [],
    tags: ["eu"],
    runs: [],
    states: [],
    reason: "Weekly.",
    appliedBy: "operator",
    createdAt: T0,
    appliedAt: T0,
    finishedAt: null,
    undoneAt: null,
    ...changes,
  };
}

function anItem(plan: Plan, run: Run, changes: Partial<PlanItem> = {}): PlanItem {
  return {
    planId: plan.id,
    runId: run.id,
    jobId: run.jobId,
    action: plan.kind === "delete" ? "delete" : "clean",
    why: "Nothing to go on from.",
    runState: run.state,
    runVersion: run.version,
    verdict: "dead",
    health: null,
    evidence: [{ fact: "checkpoint", value: "none configured", at: null }],
    ageMs: 90_000_000,
    result: "planned",
    detail: null,
    at: null,
    ...changes,
  };
}

async function givenInterrupted(store: Store): Promise<Run> {
  const { id } = await givenJob(store);
  return apply(store, (await givenQueued(store, id)).id, CLAIMED, LOST);
}

const insert = (store: Store, plan: Plan, items: readonly PlanItem[]) =>
  insertPlan(store, plan, items, audit("cleanup.planned"));

const yes = (run: Run): ItemDecision => ({
  ok: true,
  reason: cleanedReason("Dead."),
  audit: audit("run.cleaned", { runId: run.id, jobId: run.jobId }),
});

const actionsOf = async (store: Store, run: Run) =>
  (await store.read.audit.findMany({ where: { runId: run.id }, orderBy: { id: "asc" } })).map(
    ({ action }) => action,
  );

export function plansContract(open: OpenStore): void {
  describe("plans", () => {
    test("come back as they were written, with their items in pages and their counts", async () => {
      const store = await opened(open);
      const run = await givenInterrupted(store);
      const plan = aPlan(1);
      const items = Array.from({ length: 450 }, () => anItem(plan, { ...run, id: nextRunId() }));
      await insert(store, plan, items);
      const counts = { planned: 450, kept: 0, done: 0, skipped: 0, failed: 0, undone: 0 };
      expect(await findPlan(store, plan.id)).toEqual({ plan, counts });
      const first = await listPlanItems(store, plan.id, null, { after: null, limit: 400 });
      expect(first).toEqual(items.slice(0, 401));
      const after = first[399]?.runId ?? null;
      expect(await listPlanItems(store, plan.id, "planned", { after, limit: 400 })).toEqual(items.slice(400));
      expect(await listPlanItems(store, plan.id, "done", { after: null, limit: 400 })).toEqual([]);
    });

    test("are listed newest first, by kind and by a job they touch; those under way oldest first", async () => {
      const store = await opened(open);
      const run = await givenInterrupted(store);
      const plans = [aPlan(1), aPlan(2, { kind: "delete", state: "ready" }), aPlan(3, { appliedAt: T0 - 1 })];
      for (const plan of plans) await insert(store, plan, plan === plans[2] ? [anItem(plan, run)] : []);
      const list = async (filter: Parameters<typeof listPlans>[1], before: string | null = null) =>
        (await listPlans(store, filter, { before, limit: 2 })).map(({ plan }) => plan);
      expect(await list({ kind: null, jobId: null, runId: null })).toEqual([...plans].reverse());
      expect(await list({ kind: null, jobId: null, runId: null }, plans[1]?.id)).toEqual([plans[0]]);
      expect(await list({ kind: "delete", jobId: null, runId: null })).toEqual([plans[1]]);
      expect(await list({ kind: null, jobId: run.jobId, runId: null })).toEqual([plans[2]]);
      const cleaned = { kind: null, jobId: null, runId: run.id };
      expect(await list(cleaned), "not yet").toEqual([]);
      await store.write((tx) => tx.planItem.updateMany({ data: { result: "done" } }));
      expect(await list(cleaned)).toEqual([plans[2]]);
      expect((await listApplying(store)).map(({ id }) => id)).toEqual([plans[2]?.id, plans[0]?.id]);
    });

    test("of two that apply one plan at once one is refused", async () => {
      const store = await opened(open);
      const plan = aPlan(1, { state: "ready" });
      await insert(store, plan, []);
      const take = () =>
        changePlan(
          store,
          plan.id,
          (now) => {
            if (now.state !== "ready") throw new Error("Too late.");
            return { ...now, state: "applying" };
          },
          audit("cleanup.apply_requested"),
          T0,
        );
      const answers = await Promise.allSettled([take(), take()]);
      expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect(await store.read.audit.count({ where: { action: "cleanup.apply_requested" } })).toBe(1);
      expect(await changePlan(store, aPlan(9).id, (now) => now, null, T0)).toBeNull();
    });
  });

  describe("an item of a plan", () => {
    test("E3 is cleaned once: state, event, audit row and result are one", async () => {
      const store = await opened(open);
      const run = await givenInterrupted(store);
      const plan = aPlan(1);
      const key = { planId: plan.id, runId: run.id };
      await insert(store, plan, [anItem(plan, run)]);
      const twice = [0, 1].map(() => cleanItem(store, key, () => yes(run), T0 + 5_000));
      expect(await Promise.all(twice)).toEqual(["done", "done"]);
      expect(await findRun(store, run.id)).toMatchObject({ state: "cleaned", unsettled: false });
      expect((await eventTypes(store, run.id)).filter((type) => type === "cleaned")).toHaveLength(1);
      expect(await actionsOf(store, run)).toEqual(["run.start_requested", "run.cleaned"]);
      const [item] = await listPlanItems(store, plan.id, "done", { after: null, limit: 1 });
      expect(item).toMatchObject({ detail: "Timeout – Auto-cleaned: Dead.", at: T0 + 5_000 });
    });

    test("is left alone with the reason, and is not looked at when its plan is not under way", async () => {
      const store = await opened(open);
      const run = await givenInterrupted(store);
      const [plan, aborted] = [aPlan(1), aPlan(2, { state: "aborted" })];
      for (const one of [plan, aborted]) await insert(store, one, [anItem(one, run)]);
      const clean = (planId: PlanId, decision: ItemDecision) =>
        cleanItem(store, { planId, runId: run.id }, () => decision, T0);
      expect(await clean(aborted.id, yes(run))).toBe("stopped");
      expect(await clean(plan.id, { ok: false, detail: "It made progress." })).toBe("skipped");
      expect(await clean(plan.id, yes(run))).toBe("skipped");
      expect(await findRun(store, run.id)).toEqual(run);
      expect((await findPlan(store, plan.id))?.counts).toMatchObject({ skipped: 1, planned: 0 });
    });

    test("changes nothing at all when deciding about it fails", async () => {
      const store = await opened(open);
      const run = await givenInterrupted(store);
      const plan = aPlan(1);
      const key = { planId: plan.id, runId: run.id };
      await insert(store, plan, [anItem(plan, run)]);
      const broken = () => {
        throw new Error("The reader broke.");
      };
      await expect(cleanItem(store, key, broken, T0)).rejects.toThrow("The reader broke.");
      expect((await findPlan(store, plan.id))?.counts.planned).toBe(1);
      expect(await failItem(store, key, "The reader broke.", T0)).toBe("failed");
    });

    test("E10 is undone once; a newer run of the job leaves nothing to decide", async () => {
      const store = await opened(open);
      const run = await givenInterrupted(store);
      const [plan, later] = [aPlan(1), aPlan(2)];
      const undo = ({ id }: Plan) =>
        undoItem(store, { planId: id, runId: run.id }, "Wrong.", audit("run.clean_undone"), T0);
      for (const one of [plan, later]) {
        await insert(store, one, [anItem(one, run)]);
        await cleanItem(store, { planId: one.id, runId: run.id }, () => yes(run), T0);
        if (one === later) await givenQueued(store, run.jobId);
        expect(await undo(one)).toBe("undone");
        expect(await undo(one)).toBe("undone");
        expect(await findRun(store, run.id)).toMatchObject({ state: "interrupted", unsettled: one === plan });
      }
      expect(await store.read.audit.count({ where: { action: "run.clean_undone" } })).toBe(2);
      expect(await countJobCleanups(store, run.jobId)).toEqual({
        cleaned: 0,
        undone: 2,
        deleted: 0,
        lastAt: T0,
      });
    });
  });

  describe("the undo of a clean-up", () => {
    test("CR-6.7 knows a newer run also when its id is smaller, as in a folder whose clock was once set back", async () => {
      const store = await opened(open);
      const plan = aPlan(1);
      await insert(store, plan, []);
      const run = await givenCleaned(store, plan, "once");
      await givenQueued(store, run.jobId, { id: makeRunId(T0 - 86_400_000, "0000000000") });
      expect(await undo(store, plan, run, null)).toBe("undone");
      expect(await findRun(store, run.id)).toMatchObject({ state: "interrupted", unsettled: false });
    });

    async function givenCleaned(store: Store, plan: Plan, name: string): Promise<Run> {
      const { id } = await givenJob(store, { id: jobId(name) });
      const run = await apply(store, (await givenQueued(store, id)).id, CLAIMED, LOST);
      await store.write((tx) => tx.planItem.create({ data: fromPlanItem(anItem(plan, run)) }));
      await cleanItem(store, { planId: plan.id, runId: run.id }, () => yes(run), T0);
      return run;
    }
    const undo = (store: Store, plan: Plan, run: Run, expected: UndoOutcome | null) =>
      undoItem(
        store,
        { planId: plan.id, runId: run.id },
        null,
        audit("run.clean_undone", { runId: run.id }),
        T0,
        expected,
      );

    test("UX-A5 does what its preview says of each run, and leaves alone what has become something else", async () => {
      const store = await opened(open);
      const plan = aPlan(1);
      await insert(store, plan, []);
      const [back, decided, late] = [
        await givenCleaned(store, plan, "back"),
        await givenCleaned(store, plan, "decided"),
        await givenCleaned(store, plan, "late"),
      ];
      await givenQueued(store, decided.jobId);
      const preview = await listUndo(store, plan.id, null);
      expect(preview.map(({ jobId: job, outcome }) => [job, outcome])).toEqual([
        ["back", "stuck"],
        ["decided", "state_only"],
        ["late", "stuck"],
      ]);
      expect(await listUndo(store, plan.id, [late.id])).toEqual(preview.slice(2));
      await givenQueued(store, late.jobId);
      expect(await undo(store, plan, back, "stuck")).toBe("undone");
      expect(await undo(store, plan, decided, "state_only")).toBe("undone");
      expect(await undo(store, plan, late, "stuck")).toBe("done");
      expect(await findRun(store, back.id)).toMatchObject({ state: "interrupted", unsettled: true });
      expect(await findRun(store, decided.id)).toMatchObject({ state: "interrupted", unsettled: false });
      expect(await findRun(store, late.id)).toMatchObject({ state: "cleaned" });
      expect(await listUndo(store, plan.id, null)).toMatchObject([{ runId: late.id, outcome: "state_only" }]);
    });

    test("UX-A1 leaves why each run ended as it was, and keeps its own words in the plan and the timeline", async () => {
      const store = await opened(open);
      const plan = aPlan(1);
      await insert(store, plan, []);
      const run = await givenCleaned(store, plan, "words");
      expect(await findRun(store, run.id)).toMatchObject({ state: "cleaned", reason: "Rebooted." });
      await undoItem(store, { planId: plan.id, runId: run.id }, "test", audit("run.clean_undone"), T0);
      expect(await findRun(store, run.id)).toMatchObject({ state: "interrupted", reason: "Rebooted." });
      const [item] = await listPlanItems(store, plan.id, "undone", { after: null, limit: 1 });
      expect(item?.detail).toBe("Put back: “test”.");
      expect(await findEvent(store, run.id, ["clean_undone"])).toMatchObject({ data: { reason: "test" } });
    });
  });

  describe("a deletion", () => {
    async function givenEnded(store: Store, count: number): Promise<Run[]> {
      const { id } = await givenJob(store);
      const runs: Run[] = [];
      for (let number = 0; number < count; number += 1)
        runs.push(await apply(store, (await givenQueued(store, id)).id, CLAIMED, SPAWNED, exited(0)));
      return runs;
    }

    test("takes rows first and says in the audit row which files follow, also after a crash between the two", async () => {
      const store = await opened(open);
      const [run] = await givenEnded(store, 2);
      if (run === undefined) throw new Error("There is no run.");
      const plan = aPlan(1, { kind: "delete" });
      const key = { planId: plan.id, runId: run.id };
      await insert(store, plan, [anItem(plan, run)]);
      const take = () => deleteRunRows(store, key, deletionObstacle, "operator", "Room.", T0);
      const leftovers = await take();
      expect(leftovers).toMatchObject({ runId: run.id, jobId: run.jobId, lineageId: run.lineageId });
      expect(await findRun(store, run.id)).toBeNull();
      expect(await eventTypes(store, run.id)).toEqual([]);
      expect((await findPlan(store, plan.id))?.counts.planned).toBe(1);
      expect(await take(), "whoever goes on finds them again").toEqual(leftovers);
      expect(await settleDeletion(store, key, null, "Deleted.", T0)).toBe("done");
      expect(await take()).toBe("done");
      expect(await actionsOf(store, run)).toEqual(["run.start_requested", "run.deleted"]);
      expect(await countJobCleanups(store, run.jobId)).toMatchObject({ deleted: 1 });
    });

    test("keeps the newest run and the lineage another run of which is open", async () => {
      const store = await opened(open);
      const [first, newest] = await givenEnded(store, 2);
      if (first === undefined || newest === undefined) throw new Error("There are no runs.");
      const plan = aPlan(1, { kind: "delete" });
      await insert(store, plan, [anItem(plan, first), anItem(plan, newest)]);
      const take = ({ id: runId }: Run) =>
        deleteRunRows(store, { planId: plan.id, runId }, deletionObstacle, "operator", null, T0);
      expect(await take(newest)).toBe("skipped");
      await givenQueued(store, first.jobId, { parentRunId: first.id, lineageId: first.lineageId });
      expect(await take(first)).toBe("skipped");
      expect(await findRun(store, first.id)).toEqual(first);
      const adopted = { run: first.id, marker: "m" };
      await store.write((tx) =>
        tx.run.update({
          where: { id: newest.id },
          data: { trigger: "adopt", spec: JSON.stringify({ ...newest.spec, adopted }) },
        }),
      );
      const filter = { jobId: first.jobId, endedBefore: T0 + 10_000, states: [] };
      const ended = await listEnded(store, filter, { after: null, limit: 10 });
      expect(ended).toMatchObject([
        { run: first, lineageOpen: true, isNewest: false, adoptedAs: newest.id },
        { run: { id: newest.id }, lineageOpen: false, isNewest: false, adoptedAs: null },
      ]);
    });
  });
}
