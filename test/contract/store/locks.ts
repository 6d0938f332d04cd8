import { describe, expect, test } from "vitest";
import type { RunEvent } from "@/lib/domain/transition";
import { claimRun } from "@/lib/store/run-changes";
import { findRun } from "@/lib/store/runs";
import { jobId, T0 } from "@/test/factories";
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
  SPAWNED,
  STOP,
} from "./given";

export function locksContract(open: OpenStore): void {
  describe("locks", () => {
    async function givenTwo(locksOfWest: string[] = ["shop"]) {
      const store = await opened(open);
      const east = await givenJob(store, { id: jobId("east"), locks: ["shop"] });
      const west = await givenJob(store, { id: jobId("west"), locks: locksOfWest });
      const first = await givenRunning(store, east.id);
      const second = await givenQueued(store, west.id);
      return { store, east, west, first, second };
    }

    test("D1 a queued run has all its locks at once when they are free, and keeps their fence at its claim", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store, { locks: ["b", "a"] });
      const run = await givenQueued(store, id);
      const held = { runId: run.id, fence: 1 };
      const expected = { "job:nightly": held, "shared:a": held, "shared:b": held };
      expect(await locksOf(store)).toEqual(expected);
      await apply(store, run.id, CLAIMED);
      expect(await locksOf(store)).toEqual(expected);
    });

    test("D2 a run whose shared lock is held takes none at all and tells which run holds it", async () => {
      const { store, first, second } = await givenTwo(["another", "shop"]);
      const answer = await claimRun(store, second.id, CLAIMED, T0 + 1);
      const waitingFor = `lock shop, held by ${first.id}`;
      expect(answer).toMatchObject({
        ok: false,
        reason: `Waits for ${waitingFor}.`,
        before: { state: "queued" },
      });
      expect(await findRun(store, second.id)).toMatchObject({ state: "queued", waitingFor, version: 1 });
      const holders = Object.values(await locksOf(store)).map((lock) => lock.runId);
      expect(holders).not.toContain(second.id);
    });

    test("a run that waits says so once, however often it is tried", async () => {
      const { store, second } = await givenTwo();
      for (const _ of [1, 2, 3]) await claimRun(store, second.id, CLAIMED, T0 + 1);
      expect(await eventTypes(store, second.id)).toEqual(["queued", "waiting"]);
    });

    test("a run that waited gets its locks when the other has ended, at a higher fence", async () => {
      const { store, first, second } = await givenTwo();
      await claimRun(store, second.id, CLAIMED, T0 + 1);
      await apply(store, first.id, exited(0));
      expect(await apply(store, second.id, CLAIMED)).toMatchObject({ state: "starting", waitingFor: null });
      expect(await locksOf(store)).toEqual({
        "job:east": { runId: null, fence: 1 },
        "job:west": { runId: second.id, fence: 1 },
        "shared:shop": { runId: second.id, fence: 2 },
      });
    });

    test("of two waiting runs claimed at once exactly one gets the lock", async () => {
      const store = await opened(open);
      const ids = ["a", "b", "c"].map(jobId);
      for (const id of ids) await givenJob(store, { id, locks: ["shop"] });
      const holder = await givenRunning(store, jobId("a"));
      const waiting = [await givenQueued(store, jobId("b")), await givenQueued(store, jobId("c"))];
      await apply(store, holder.id, exited(0));
      const answers = await Promise.all(waiting.map((run) => claimRun(store, run.id, CLAIMED, T0 + 1)));
      expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
    });

    test("a run that is not queued is not claimed, and no lock moves", async () => {
      const { store, first } = await givenTwo();
      const before = await locksOf(store);
      expect(await claimRun(store, first.id, CLAIMED, T0 + 1)).toMatchObject({ ok: false });
      expect(await locksOf(store)).toEqual(before);
    });

    test("the fence only grows, run after run", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      for (const fence of [1, 2, 3]) {
        const run = await givenRunning(store, id);
        expect(await locksOf(store)).toEqual({ "job:nightly": { runId: run.id, fence } });
        await apply(store, run.id, exited(0));
        expect(await locksOf(store)).toEqual({ "job:nightly": { runId: null, fence } });
      }
    });

    const ENDS: readonly (readonly [string, readonly RunEvent[]])[] = [
      ["exits", [CLAIMED, SPAWNED, exited(1)]],
      ["could not be launched", [CLAIMED, { type: "launch_failed", reason: "ENOENT" }]],
      ["is stopped in the queue", [STOP]],
      ["is stopped", [CLAIMED, SPAWNED, STOP, { type: "tree_gone" }]],
      ["is lost", [CLAIMED, { type: "lost", cause: "host_rebooted", reason: "Rebooted.", endedAt: null }]],
    ];
    for (const [what, events] of ENDS)
      test(`B4 a run that ${what} lets go of its locks and its job in the same moment`, async () => {
        const store = await opened(open);
        const { id } = await givenJob(store, { locks: ["shop"] });
        const run = await givenQueued(store, id);
        await apply(store, run.id, ...events);
        const holders = Object.values(await locksOf(store)).map((lock) => lock.runId);
        expect(holders).toEqual([null, null]);
        expect((await givenQueued(store, id)).state).toBe("queued");
      });
  });
}
