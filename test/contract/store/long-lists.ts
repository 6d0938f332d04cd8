import { describe, expect, test } from "vitest";
import { makeRunId } from "@/lib/domain/ids";
import { findRuns } from "@/lib/store/ended-runs";
import { findImported, insertImported } from "@/lib/store/imports";
import { listLocks } from "@/lib/store/lock-list";
import { acquireAll, holdsAll } from "@/lib/store/locks";
import { listStartable } from "@/lib/store/queue";
import type { Store } from "@/lib/store/transaction";
import { countUnsettled, listUnsettled, newestAmong } from "@/lib/store/unsettled";
import { aJob, aQueuedRun, aRun, jobId, T0, WORKER } from "@/test/factories";
import { audit, givenJob, givenQueued, type OpenStore, opened } from "./given";

/** Prisma refuses or splits lists from about a thousand values on: below, at and far beyond that. */
const SIZES = [995, 998, 999, 1_000, 2_500];
const MOST = 2_500;

export function longListsContract(open: OpenStore): void {
  describe("lists of any length", () => {
    /** So many interrupted runs of one job, taken over from elsewhere. */
    async function givenImported(store: Store, count: number) {
      const job = await givenJob(store, { id: jobId("many") });
      const runs = Array.from({ length: count }, (_, index) => {
        const id = makeRunId(T0 + index, "0000000000");
        const imported = { source: "old", externalId: `${index}`, importedAt: T0 } as never;
        return aRun("interrupted", { id, lineageId: id, jobId: job.id, imported, token: `t${index}` });
      });
      await insertImported(store, runs, audit("imported"), T0);
      return runs;
    }

    test("CR-5 every run that is ticked is found, and none else", async () => {
      const store = await opened(open);
      const runs = await givenImported(store, MOST);
      const ids = runs.map(({ id }) => id);
      for (const size of SIZES) {
        const ticked = ids.slice(0, size);
        expect((await findRuns(store, [...ticked].reverse())).map(({ id }) => id)).toEqual(ticked);
        expect((await newestAmong(store, ids.slice(-size))).size).toBe(1);
        expect(
          (
            await findImported(
              store,
              "old",
              ticked.map((_, index) => `${index}`),
            )
          ).size,
        ).toBe(size);
      }
    });

    test("CR-5 a list of jobs as long as the contract allows takes in what it names, and none else", async () => {
      const store = await opened(open);
      await givenImported(store, 3);
      const others = Array.from({ length: MOST }, (_, index) => jobId(`none-${index}`));
      for (const size of SIZES) {
        const without = others.slice(0, size);
        const filter = { olderThan: T0 + 86_400_000, jobs: without };
        expect(await listUnsettled(store, filter, { before: null, limit: 200 })).toEqual([]);
        const jobs = [...without.slice(1), jobId("many")];
        expect(await listUnsettled(store, { ...filter, jobs }, { before: null, limit: 200 })).toHaveLength(3);
        const { unread, superseded } = await countUnsettled(store, { ...filter, jobs });
        expect([unread, superseded]).toEqual([1, 2]);
      }
    });

    test("CR-5 more locks than a thousand can be waited for, and are listed page by page", async () => {
      const store = await opened(open);
      const locks = Array.from({ length: 1_100 }, (_, index) => `l${String(index).padStart(4, "0")}`);
      const holder = await givenQueued(store, (await givenJob(store, { id: jobId("holder"), locks })).id);
      await givenQueued(store, (await givenJob(store, { id: jobId("waits"), locks })).id);
      expect((await listStartable(store, WORKER, T0)).map(({ id }) => id)).toEqual([holder.id]);
      const names = locks.map((name) => `shared:${name}`);
      expect(await store.change((db) => holdsAll(db, holder.id, names))).toBe(true);
      expect(await store.change((db) => acquireAll(db, aQueuedRun(aJob()).id, names, T0))).toMatchObject({
        heldBy: holder.id,
      });
      const found: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await listLocks(store, "shared", { after, limit: 200 });
        for (const { name, waiting } of page.slice(0, 200)) {
          found.push(name);
          expect(waiting).toHaveLength(1);
        }
        if (page.length <= 200) break;
        after = page[199]?.name ?? null;
      }
      expect(found).toEqual(names);
    });
  });
}
