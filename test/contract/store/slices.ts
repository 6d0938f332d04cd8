import { describe, expect, test } from "vitest";
import { countJobCleanups, listPlans } from "@/lib/store/plans";
import type { Store } from "@/lib/store/transaction";
import { countUnsettled, listUnread, listUnsettled } from "@/lib/store/unsettled";
import { jobId, T0 } from "@/test/factories";
import { copied, givenBase, turnsDuring } from "./copies";
import { givenJob, type OpenStore, opened } from "./given";

const MANY = 5_000;
const PAGE = { before: null, limit: 3 };

/** What is asked about many rows is asked a slice at a time, and answered as if it were one question. */
export function slicesContract(open: OpenStore): void {
  describe("questions about many rows", () => {
    /** So many unsettled runs of one job, every tenth read as resumable and the newest not read yet. */
    async function givenUnsettled(store: Store) {
      const { id } = await givenJob(store, { id: jobId("shop"), tags: ["shop"] });
      await copied(store, await givenBase(store, id), MANY, {
        state: "'interrupted'",
        unsettled: "1",
        verdict: `CASE WHEN i = ${MANY - 1} THEN NULL WHEN i % 10 = 0 THEN 'resumable' ELSE 'dead' END`,
        startedAt: `${T0} + i`,
        queuedAt: `${T0} + i`,
      });
      await store.write((tx) => tx.job.update({ where: { id }, data: { newestRunId: idOf(MANY - 1) } }));
    }

    const idOf = (index: number) => `run_1${String(index).padStart(19, "0")}`;

    test("CR-6.8 counting what is stuck gives others their turn, and counts every run once", async () => {
      const store = await opened(open);
      await givenUnsettled(store);
      const turns = await turnsDuring(async () => {
        expect(await countUnsettled(store, {})).toMatchObject({ superseded: MANY - 1, unread: 1, dead: 0 });
        expect(await countUnsettled(store, { olderThan: T0 + 2_000 })).toMatchObject({ superseded: 2_000 });
      });
      expect(turns).toBeGreaterThanOrEqual(8);
    });

    test("CR-6.8 looking for what is stuck where nothing or little is found gives others their turn", async () => {
      const store = await opened(open);
      await givenUnsettled(store);
      const ids = async (filter: Parameters<typeof listUnsettled>[1], before: string | null = null) =>
        (await listUnsettled(store, filter, { ...PAGE, before })).map(({ id }) => id);
      const turns = await turnsDuring(async () => {
        expect(await ids({ tags: ["none"] })).toEqual([]);
        // The page ends in one slice and goes on in the next.
        expect(await ids({ olderThan: T0 + 502 }, idOf(501))).toEqual([500, 499, 498, 497].map(idOf));
        expect(await ids({ olderThan: T0 + 2 })).toEqual([1, 0].map(idOf));
        expect(await ids({ tags: ["shop"] })).toEqual([4_999, 4_998, 4_997, 4_996].map(idOf));
        expect((await listUnread(store, PAGE)).map(({ id }) => id)).toEqual([idOf(MANY - 1)]);
      });
      expect(turns).toBeGreaterThanOrEqual(15);
    });

    /** One plan of all of one job's runs, and as many plans of one run each of another job. */
    async function givenPlans(store: Store) {
      const filter = '{"jobs":[],"tags":[],"runs":[],"states":[],"appliedBy":null}';
      const plan = (index: number) => ({
        id: `plan_${String(index).padStart(20, "0")}`,
        kind: index % 2 === 0 ? "cleanup" : "delete",
        state: "applied",
        trigger: "start",
        actor: "operator",
        filter,
        createdAt: new Date(T0 + index),
      });
      const item = (index: number, of: number, job: string, result: string) => ({
        planId: plan(of).id,
        runId: idOf(index),
        jobId: job,
        action: "clean",
        why: "",
        runState: "interrupted",
        runVersion: 1,
        evidence: "[]",
        ageMs: 1n,
        result,
        at: new Date(T0 + index),
      });
      await store.write(async (tx) => {
        const numbers = Array.from({ length: 1_200 }, (_, index) => index);
        await tx.plan.createMany({ data: numbers.map(plan) });
        await tx.planItem.createMany({ data: numbers.map((index) => item(index, index, "often", "done")) });
        const all = Array.from({ length: MANY }, (_, index) => index);
        await tx.planItem.createMany({
          data: all.map((index) => item(index + 10_000, 7, "once", index % 5 === 0 ? "undone" : "done")),
        });
      });
      return (index: number) => plan(index).id;
    }

    test("CR-6.8 plans of a job and of a run are found without going through all plans, page by page", async () => {
      const store = await opened(open);
      const idOfPlan = await givenPlans(store);
      const none = { kind: null, jobId: null, runId: null };
      const list = async (
        filter: Partial<typeof none | Record<string, unknown>>,
        before: string | null = null,
      ) => (await listPlans(store, { ...none, ...filter }, { before, limit: 2 })).map(({ plan }) => plan.id);
      expect(await list({ jobId: jobId("once") })).toEqual([7].map(idOfPlan));
      expect(await list({ jobId: jobId("once"), kind: "cleanup" })).toEqual([]);
      expect(await list({ jobId: jobId("often") })).toEqual([1_199, 1_198, 1_197].map(idOfPlan));
      expect(await list({ jobId: jobId("often") }, idOfPlan(2))).toEqual([1, 0].map(idOfPlan));
      expect(await list({ jobId: jobId("often"), kind: "delete" }, idOfPlan(4))).toEqual(
        [3, 1].map(idOfPlan),
      );
      expect(await list({ runId: idOf(10_001) })).toEqual([7].map(idOfPlan));
      expect(await list({ runId: idOf(10_000) })).toEqual([]);
      expect(await list({ jobId: jobId("none") })).toEqual([]);
    });

    test("CR-6.8 the clean-ups of a job are counted a slice at a time, however many runs one plan holds", async () => {
      const store = await opened(open);
      await givenPlans(store);
      const turns = await turnsDuring(async () => {
        expect(await countJobCleanups(store, jobId("once"))).toEqual({
          cleaned: 4_000,
          undone: 1_000,
          deleted: 0,
          lastAt: T0 + 14_999,
        });
      });
      expect(turns).toBeGreaterThanOrEqual(2);
      expect(await countJobCleanups(store, jobId("often"))).toMatchObject({ cleaned: 1_200, undone: 0 });
    });
  });
}
