import { describe, expect, test } from "vitest";
import { noteEvent } from "@/lib/store/run-changes";
import { aJob, jobId, T0 } from "@/test/factories";
import { eventTypes, givenJob, givenQueued, type OpenStore, opened } from "./given";

/** A door that stays shut until it is opened. */
function door() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

export function transactionsContract(open: OpenStore): void {
  describe("transactions", () => {
    test("one that throws leaves nothing, and the next goes on as if it had never been", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const failed = store.write(async (tx) => {
        await tx.job.update({ where: { id }, data: { title: "half" } });
        await tx.lock.create({ data: { name: "half" } });
        throw new Error("in the middle");
      });
      await expect(failed).rejects.toThrow("in the middle");
      expect(await store.read.job.findMany({ select: { title: true } })).toEqual([{ title: aJob().title }]);
      expect(await store.read.lock.count()).toBe(0);
      await store.write((tx) => tx.job.update({ where: { id }, data: { title: "whole" } }));
      expect((await store.read.job.findFirst())?.title).toBe("whole");
    });

    test("one of statements that throws leaves nothing, and the next goes on as if it had never been", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const failed = store.change((db) => {
        db.update("Job", { id }, { title: "half" });
        db.insert("Lock", { name: "half", runId: null, fence: 0, acquiredAt: null });
        expect(db.one`SELECT "title" FROM "Job"`, "it sees its own").toEqual({ title: "half" });
        throw new Error("in the middle");
      });
      await expect(failed).rejects.toThrow("in the middle");
      expect((await store.read.job.findFirst())?.title).toBe(aJob().title);
      expect(await store.read.lock.count()).toBe(0);
      expect(await store.change((db) => db.update("Job", { id }, { title: "whole" }))).toBe(1);
      expect((await store.read.job.findFirst())?.title).toBe("whole");
    });

    test("what Prisma and statements write in one transaction is kept together or not at all", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const both = (fails: boolean) =>
        store.write(async (tx, db) => {
          await tx.job.update({ where: { id }, data: { title: "both" } });
          expect(db.one`SELECT "title" FROM "Job"`, "each sees the other's").toEqual({ title: "both" });
          db.insert("Lock", { name: "both", runId: null, fence: 0, acquiredAt: null });
          expect(await tx.lock.count()).toBe(1);
          if (fails) throw new Error("in the middle");
        });
      await expect(both(true)).rejects.toThrow("in the middle");
      expect([await store.read.lock.count(), (await store.read.job.findFirst())?.title]).toEqual([
        0,
        aJob().title,
      ]);
      await both(false);
      expect([await store.read.lock.count(), (await store.read.job.findFirst())?.title]).toEqual([1, "both"]);
    });

    test("a reader never sees what is not committed, and sees it at once when it is", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const [written, mayCommit] = [door(), door()];
      const writing = store.write(async (tx) => {
        await tx.job.update({ where: { id }, data: { title: "new" } });
        expect((await tx.job.findFirst())?.title, "its own writer does").toBe("new");
        written.open();
        await mayCommit.opened;
      });
      await written.opened;
      const titles = await Promise.all(
        Array.from({ length: 20 }, async () => (await store.read.job.findFirst())?.title),
      );
      expect(new Set(titles)).toEqual(new Set([aJob().title]));
      mayCommit.open();
      await writing;
      expect((await store.read.job.findFirst())?.title).toBe("new");
    });

    test("events asked for at once are all kept, in that order", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store, { id: jobId("busy") });
      const run = await givenQueued(store, id);
      const types = Array.from({ length: 50 }, (_, index) => `e${index}`);
      await Promise.all(types.map((type) => noteEvent(store, run.id, { type, data: {} }, T0)));
      expect(await eventTypes(store, run.id)).toEqual(["queued", ...types]);
    });
  });
}
