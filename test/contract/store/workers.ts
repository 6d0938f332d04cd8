import { describe, expect, test } from "vitest";
import type { RunId, WorkerId } from "@/lib/domain/ids";
import { listStartable } from "@/lib/store/queue";
import { applyOwnEvent, claimRun, stopPage } from "@/lib/store/run-changes";
import { findRun, listUnfinishedStates } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { findWorker, registerWorker } from "@/lib/store/workers";
import { jobId, T0, WORKER } from "@/test/factories";
import {
  apply,
  CLAIMED,
  eventTypes,
  exited,
  givenJob,
  givenQueued,
  givenRunning,
  locksOf,
  type OpenStore,
  opened,
  STOP,
} from "./given";

const OTHER = "wrk_00000000000000000001" as WorkerId;
const registration = { id: WORKER, hostname: "box", hostInstance: "boot/1/1", pid: 7 };

/** As a version wrote it that knew one worker and did not record it. */
const unrecorded = (store: Store, id: RunId) =>
  store.write((tx) => tx.run.update({ where: { id }, data: { workerId: null } }));

/** Several workers on one database, each with runs of its own. */
export function workersContract(open: OpenStore): void {
  describe("workers", () => {
    test("every dashboard that registers gets an epoch of its own, higher than any before", async () => {
      const store = await opened(open);
      const epochs = await Promise.all(
        [1, 2, 3].map((pid) => registerWorker(store, { ...registration, pid }, T0)),
      );
      expect(epochs).toEqual([1, 2, 3]);
      expect(await findWorker(store, null)).toMatchObject({ id: WORKER, folder: null, unconfirmed: null });
    });

    test("CR-5b a claimed run knows its worker, and only that worker finds it unfinished", async () => {
      const store = await opened(open);
      const run = await givenRunning(store, (await givenJob(store)).id);
      expect(run.workerId).toBe(WORKER);
      expect((await listUnfinishedStates(store, WORKER)).map(({ id }) => id)).toEqual([run.id]);
      expect(await listUnfinishedStates(store, OTHER)).toEqual([]);
    });

    test("CR-5b what another worker says of a run's end is refused: no state, lock or event changes", async () => {
      const store = await opened(open);
      const run = await givenRunning(store, (await givenJob(store, { locks: ["site"] })).id);
      const before = [await locksOf(store), await eventTypes(store, run.id)];
      const lost = { type: "lost", cause: "host_rebooted", reason: "Gone.", endedAt: null } as const;
      for (const event of [lost, exited(0)])
        expect(await applyOwnEvent(store, OTHER, run.id, event, T0)).toMatchObject({
          ok: false,
          reason: `${run.id} is run by ${WORKER}.`,
        });
      expect(await findRun(store, run.id)).toEqual(run);
      expect([await locksOf(store), await eventTypes(store, run.id)]).toEqual(before);
    });

    test("CR-5b a worker that ends its runs asks none of another's", async () => {
      const store = await opened(open);
      const run = await givenRunning(store, (await givenJob(store)).id);
      const page = { workerId: OTHER, after: null, limit: 10 };
      expect(await stopPage(store, page, () => STOP, T0)).toEqual([]);
      expect(await findRun(store, run.id)).toEqual(run);
    });

    test("CR-5b a queued run that is for one worker is claimed by no other", async () => {
      const store = await opened(open);
      const run = await givenQueued(store, (await givenJob(store)).id, { workerId: OTHER });
      expect(await listStartable(store, WORKER, T0)).toEqual([]);
      expect(await claimRun(store, run.id, CLAIMED, T0)).toMatchObject({ ok: false });
      expect((await listStartable(store, OTHER, T0)).map(({ id }) => id)).toEqual([run.id]);
      const claimed = await claimRun(store, run.id, { ...CLAIMED, workerId: OTHER }, T0);
      expect(claimed).toMatchObject({ ok: true, run: { state: "starting", workerId: OTHER } });
    });

    test("CR-5b the live runs of a version without worker ids become the first worker's, and its epoch goes on", async () => {
      const store = await opened(open);
      for (const name of ["old", "waiting", "over", "new"]) await givenJob(store, { id: jobId(name) });
      const [old, newer] = [await givenRunning(store, jobId("old")), await givenRunning(store, jobId("new"))];
      const waiting = await givenQueued(store, jobId("waiting"));
      const over = await apply(store, (await givenRunning(store, jobId("over"))).id, exited(0));
      for (const run of [old, over]) await unrecorded(store, run.id);
      const seen = { startedAt: new Date(T0), heartbeatAt: new Date(T0) };
      const local = { ...registration, id: "local", epoch: 41, ...seen };
      await store.write((tx) => tx.worker.create({ data: local }));
      expect(await findWorker(store, null)).toBeNull();
      expect(await registerWorker(store, { ...registration, id: OTHER }, T0)).toBe(42);
      const owners = await Promise.all([old, newer, waiting, over].map(({ id }) => findRun(store, id)));
      expect(owners.map((run) => run?.workerId)).toEqual([OTHER, WORKER, null, null]);
      expect(await registerWorker(store, { ...registration, id: OTHER }, T0)).toBe(43);
    });
  });
}
