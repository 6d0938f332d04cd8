import { describe, expect, test } from "vitest";
import type { RunId } from "@/lib/domain/ids";
import { removeLimit, setLimit } from "@/lib/store/limit-changes";
import { listCapacities } from "@/lib/store/limits";
import { fencesOf, findLock, listLocks, takeAwayLock } from "@/lib/store/lock-list";
import { listStartable, readQueue } from "@/lib/store/queue";
import { claimRun } from "@/lib/store/run-changes";
import { findRun } from "@/lib/store/runs";
import type { Store } from "@/lib/store/transaction";
import { noteWaiting } from "@/lib/store/waiting";
import { jobId, T0, WORKER } from "@/test/factories";
import {
  apply,
  audit,
  CLAIMED,
  eventTypes,
  exited,
  givenJob,
  givenQueued,
  givenRunning,
  locksOf,
  type OpenStore,
  opened,
} from "./given";

const limit = (store: Store, name: string, maxRuns: number) =>
  setLimit(store, { name, maxRuns }, audit("limit.set", { details: { name, maxRuns } }), T0);
const waitsFor = async (store: Store, id: RunId) => (await findRun(store, id))?.waitingFor;
const startable = async (store: Store) => (await listStartable(store, WORKER, T0)).map((run) => run.jobId);

export function queueContract(open: OpenStore): void {
  describe("the queue", () => {
    type Asking = { locks?: string[]; tags?: string[]; pidFile?: string };
    async function givenJobs(store: Store, jobs: Record<string, Asking>) {
      for (const [name, more] of Object.entries(jobs)) await givenJob(store, { id: jobId(name), ...more });
    }

    test("who comes later takes no lock that somebody who waits wants too, free as it may be", async () => {
      const store = await opened(open);
      await givenJobs(store, {
        a: { locks: ["x"] },
        b: { locks: ["x", "y"] },
        c: { locks: ["y"] },
        d: { locks: ["z"] },
      });
      const a = await givenRunning(store, jobId("a"));
      const b = await givenQueued(store, jobId("b"));
      const c = await givenQueued(store, jobId("c"));
      await givenQueued(store, jobId("d"));
      expect(b.waitingFor).toBe(`lock x, held by ${a.id}`);
      expect(c.waitingFor).toBe(`lock y, after ${b.id}`);
      expect(await startable(store)).toEqual(["d"]);
      expect(await claimRun(store, c.id, CLAIMED, T0)).toMatchObject({ ok: false });
      await apply(store, a.id, exited(0));
      expect(await startable(store)).toEqual(["b", "d"]);
      expect(await waitsFor(store, c.id)).toBe(`lock y, held by ${b.id}`);
    });

    test("a pid file is a lock too: who names the same one waits, keeps its place, and is in the list", async () => {
      const store = await opened(open);
      await givenJobs(store, {
        a: { pidFile: "/run/x.pid" },
        b: { pidFile: "/run/x.pid", locks: ["y"] },
        c: { locks: ["y"] },
      });
      const a = await givenRunning(store, jobId("a"));
      const b = await givenQueued(store, jobId("b"));
      const c = await givenQueued(store, jobId("c"));
      expect(b.waitingFor).toBe(`lock pidfile:/run/x.pid, held by ${a.id}`);
      expect(c.waitingFor).toBe(`lock y, after ${b.id}`);
      const page = { after: null, limit: 10 };
      expect((await listLocks(store, "shared", page)).map(({ name }) => name)).toEqual([
        "pidfile:/run/x.pid",
      ]);
      await apply(store, a.id, exited(0));
      expect(await startable(store)).toEqual(["b"]);
    });

    test("who waits for room on the disk only has its turn all the same, and that is not told anew each time", async () => {
      const store = await opened(open);
      await givenJobs(store, { a: { locks: ["x"] } });
      const a = await givenQueued(store, jobId("a"));
      await noteWaiting(store, a.id, "free disk space: 1 % free, needs 2 %", T0);
      const told = await eventTypes(store, a.id);
      expect(await startable(store)).toEqual(["a"]);
      expect(await waitsFor(store, a.id)).toBe("free disk space: 1 % free, needs 2 %");
      expect(await eventTypes(store, a.id)).toEqual(told);
    });

    test("the higher priority is given its turn first, but takes back none that was given", async () => {
      const store = await opened(open);
      await givenJobs(store, { a: { locks: ["x"] }, b: { locks: ["x"] }, c: { locks: ["x"] } });
      const a = await givenQueued(store, jobId("a"));
      await givenQueued(store, jobId("b"), { priority: -1 });
      await givenQueued(store, jobId("c"), { priority: 100 });
      expect(readQueue(store.look).map((run) => run.jobId)).toEqual(["c", "a", "b"]);
      expect(await startable(store)).toEqual(["a"]);
      await apply(store, a.id, CLAIMED, { type: "launch_failed", reason: "ENOENT" });
      expect(await startable(store)).toEqual(["c"]);
    });

    test("behind a lock that changes hands a run waits for the same thing: one event, the present holder in its reason", async () => {
      const store = await opened(open);
      await givenJobs(store, { a: { locks: ["x"] }, b: { locks: ["x"] }, c: { locks: ["x"] } });
      const a = await givenRunning(store, jobId("a"));
      const b = await givenQueued(store, jobId("b"));
      const c = await givenQueued(store, jobId("c"));
      await apply(store, a.id, exited(0));
      expect(await startable(store)).toEqual(["b"]);
      expect(await waitsFor(store, c.id)).toBe(`lock x, held by ${b.id}`);
      expect(await eventTypes(store, c.id)).toEqual(["queued", "waiting"]);
    });

    test("of 20 starts at once with a limit of 4 exactly four are given their turn, and still are when asked again", async () => {
      const store = await opened(open);
      await limit(store, "tag:shop", 4);
      const names = Array.from({ length: 20 }, (_, index) => `job-${String(index).padStart(2, "0")}`);
      for (const name of names) await givenJob(store, { id: jobId(name), tags: ["shop"] });
      await Promise.all(names.map((name) => givenQueued(store, jobId(name))));
      const given = await listStartable(store, WORKER, T0);
      expect(given).toHaveLength(4);
      expect(await listStartable(store, WORKER, T0)).toEqual(given);
      for (const run of given) await apply(store, run.id, CLAIMED);
      expect(await startable(store)).toEqual([]);
      const claims = await Promise.all(
        readQueue(store.look).map((run) => claimRun(store, run.id, CLAIMED, T0)),
      );
      expect(claims.filter((claim) => claim.ok)).toEqual([]);
      expect(listCapacities(store.look)).toEqual([{ name: "tag:shop", maxRuns: 4, active: 4 }]);
    });

    test("lowering a limit takes a turn back that nobody has used yet, and raising it gives turns in the same moment", async () => {
      const store = await opened(open);
      await givenJobs(store, { a: { tags: ["t"] }, b: { tags: ["t"], locks: ["x"] }, c: { locks: ["x"] } });
      const a = await givenRunning(store, jobId("a"));
      const b = await givenQueued(store, jobId("b"));
      await limit(store, "tag:t", 1);
      expect(await waitsFor(store, b.id)).toBe("its turn: 1 of 1 runs with tag t are active");
      expect((await locksOf(store))["shared:x"]).toMatchObject({ runId: null });
      await givenQueued(store, jobId("c"));
      expect(await startable(store), "its place in the line of x is kept").toEqual([]);
      await limit(store, "tag:t", 2);
      expect((await locksOf(store))["shared:x"]).toMatchObject({ runId: b.id });
      expect(await removeLimit(store, "tag:t", audit("limit.removed"), T0)).toBe(true);
      expect(await removeLimit(store, "tag:t", audit("limit.removed"), T0)).toBe(false);
      expect((await findRun(store, a.id))?.state).toBe("running");
      const actions = (await store.read.audit.findMany()).map((row) => row.action);
      expect(actions.filter((action) => action.startsWith("limit."))).toEqual([
        "limit.set",
        "limit.set",
        "limit.removed",
      ]);
    });

    test("the host's limit counts every run that is past the queue, with or without a tag", async () => {
      const store = await opened(open);
      await givenJobs(store, { a: {}, b: { tags: ["t"] }, c: {} });
      await givenRunning(store, jobId("a"));
      await limit(store, "worker", 2);
      await givenQueued(store, jobId("b"));
      const c = await givenQueued(store, jobId("c"));
      expect(await startable(store)).toEqual(["b"]);
      expect(c.waitingFor).toBe("its turn: this host runs at most 2");
    });
  });

  describe("the list of locks", () => {
    test("has who holds each lock and who waits, in order, page by page", async () => {
      const store = await opened(open);
      for (const name of ["a", "b", "c"]) await givenJob(store, { id: jobId(name), locks: ["x"] });
      const a = await givenRunning(store, jobId("a"));
      await givenQueued(store, jobId("b"));
      await givenQueued(store, jobId("c"), { priority: 1 });
      const all = await listLocks(store, null, { after: null, limit: 10 });
      expect(
        all.map(({ name, holder, waiting }) => [name, holder?.id, waiting.map((run) => run.jobId)]),
      ).toEqual([
        ["job:a", a.id, []],
        ["shared:x", a.id, ["c", "b"]],
      ]);
      expect(await listLocks(store, "shared", { after: null, limit: 10 })).toHaveLength(1);
      expect(await listLocks(store, "own", { after: null, limit: 10 })).toHaveLength(1);
      expect(await listLocks(store, null, { after: null, limit: 1 }), "one more than asked for").toHaveLength(
        2,
      );
      expect(await listLocks(store, null, { after: "job:a", limit: 1 })).toHaveLength(1);
    });

    test("a lock that is free while its line waits for something else is in it", async () => {
      const store = await opened(open);
      await givenJob(store, { id: jobId("once"), locks: ["y"] });
      await apply(store, (await givenRunning(store, jobId("once"))).id, exited(0));
      await givenJob(store, { id: jobId("a"), locks: ["x"] });
      await givenJob(store, { id: jobId("b"), locks: ["x", "y"] });
      await givenRunning(store, jobId("a"));
      const b = await givenQueued(store, jobId("b"));
      const locks = await listLocks(store, "shared", { after: "shared:x", limit: 10 });
      expect(locks).toMatchObject([{ name: "shared:y", holder: null, waiting: [{ id: b.id }] }]);
    });

    test("taking a lock away moves its fence on, leaves the run the rest, and gives it to the next in line", async () => {
      const store = await opened(open);
      for (const name of ["a", "b"]) await givenJob(store, { id: jobId(name), locks: ["x", name] });
      const a = await givenRunning(store, jobId("a"));
      const b = await givenQueued(store, jobId("b"));
      const lock = { name: "shared:x", holder: a };
      const entry = audit("lock.taken_away", { runId: a.id, reason: "It hangs." });
      expect(await takeAwayLock(store, lock, { lock: "x", fence: 1 }, entry, T0)).toBe(true);
      expect(await locksOf(store)).toMatchObject({
        "job:a": { runId: a.id, fence: 1 },
        "shared:a": { runId: a.id, fence: 1 },
        "shared:x": { runId: b.id, fence: 3 },
      });
      expect(await fencesOf(store, b.id)).toContainEqual({ name: "shared:x", fence: 3 });
      expect(await takeAwayLock(store, lock, {}, entry, T0), "it has it no more").toBe(false);
      expect(await eventTypes(store, a.id)).toContain("lock_taken_away");
      await apply(store, a.id, exited(0));
      expect((await findLock(store, "shared:x"))?.holder?.id).toBe(b.id);
    });
  });
}
