import { describe, expect, test } from "vitest";
import { applyEvent, applyOwnEvent, noteEvent } from "@/lib/store/run-changes";
import { findEvent, listEvents } from "@/lib/store/run-events";
import { enqueueRun, findRun, saveLifeSigns } from "@/lib/store/runs";
import { jobId, runId, T0, WORKER } from "@/test/factories";
import {
  apply,
  audit,
  CLAIMED,
  CLEANED,
  enqueue,
  eventTypes,
  exited,
  givenJob,
  givenQueued,
  givenRunning,
  LOST,
  locksOf,
  type OpenStore,
  opened,
  SPAWNED,
  STOP,
} from "./given";

export function changesContract(open: OpenStore): void {
  describe("putting a run in the queue", () => {
    test("B6 C7 of two starts at once one makes a run and the other is told which one is in the way", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const answers = await Promise.all([enqueue(store, id), enqueue(store, id)]);
      const made = answers.find((answer) => answer.ok);
      const refused = answers.find((answer) => !answer.ok);
      expect(refused).toMatchObject({ ok: false, active: { id: made?.ok === true ? made.run.id : "none" } });
      expect(await store.read.run.count()).toBe(1);
      expect(await store.read.audit.count({ where: { action: "run.start_requested" } })).toBe(1);
    });

    test("A4 a job whose run has ended can be started again at once", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      for (const code of [0, 1, 0]) {
        const run = await givenRunning(store, id);
        await apply(store, run.id, exited(code));
      }
      expect(await store.read.run.count()).toBe(3);
      expect(await store.read.run.count({ where: { activeKey: id } })).toBe(0);
    });

    test("a decision that refuses by throwing leaves nothing behind", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      await givenRunning(store, id).then((run) => apply(store, run.id, exited(0)));
      const refuse = () => {
        throw new Error("The job is disabled.");
      };
      const asked = enqueueRun(store, id, refuse, () => audit("run.start_requested"), T0);
      await expect(asked).rejects.toThrow("The job is disabled.");
      expect(await store.read.run.count()).toBe(1);
      expect(await store.read.run.count({ where: { activeKey: id } })).toBe(0);
    });
  });

  describe("changing a run", () => {
    test("B5 a run comes back as it was saved, in every field, through its whole life", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store, { env: { A: "ü" }, locks: ["shop"] });
      const queued = await givenQueued(store, id, {
        progress: { extracted: 1, skipped: null, total: 9, message: "p" },
      });
      expect(await findRun(store, queued.id)).toEqual(queued);
      for (const event of [CLAIMED, SPAWNED, STOP, exited(143)]) {
        const run = await apply(store, queued.id, event);
        expect(await findRun(store, queued.id), event.type).toEqual(run);
      }
      expect(await eventTypes(store, queued.id)).toEqual([
        "queued",
        "claimed",
        "spawned",
        "stop_requested",
        "exited",
      ]);
    });

    test("of two ends told at once the first is saved and the other is refused and leaves a row", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const answers = await Promise.all(
        [0, 1].map((code) => applyEvent(store, run.id, exited(code), T0 + 5)),
      );
      expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
      expect(await findRun(store, run.id)).toMatchObject({ state: "completed", version: run.version + 1 });
      const refused = await findEvent(store, run.id, ["refused"]);
      expect(refused?.data).toEqual({ event: "exited", reason: 'A completed run does not take "exited".' });
    });

    test("an event for a run nobody knows is refused as a value", async () => {
      const store = await opened(open);
      const answer = await applyEvent(store, runId("run_00000000000000000000"), CLEANED, T0);
      expect(answer).toMatchObject({ ok: false, before: null });
    });

    test("the audit row of a change is written with it, and not when it is refused", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const entry = audit("run.stop_requested", {
        runId: run.id,
        reason: "site is down",
        details: { graceMs: 5 },
      });
      await applyEvent(store, run.id, STOP, T0, entry);
      await applyEvent(store, run.id, SPAWNED, T0, { ...entry, action: "never" });
      const rows = await store.read.audit.findMany({ where: { runId: run.id }, orderBy: { id: "asc" } });
      expect(rows.map((row) => row.action)).toEqual(["run.start_requested", "run.stop_requested"]);
      expect(rows[1]).toMatchObject({ actor: "operator", reason: "site is down", details: '{"graceMs":5}' });
    });

    test("signs of life move neither version nor state, and a late change does not lose them", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const lastLifeAt = T0 + 5_000;
      const progress = { extracted: 3, skipped: null, total: 9, message: 'a "quoted" page' };
      const signs = { logBytes: 5 * 1024 ** 3, lastLifeAt, progress, usualGapMs: 20_000 };
      const nobody = { ...signs, runId: runId("run_00000000000000000000") };
      await saveLifeSigns(store, [{ ...signs, runId: run.id }, nobody]);
      expect(await findRun(store, run.id)).toEqual({ ...run, ...signs });
      await saveLifeSigns(store, [
        { runId: run.id, logBytes: 7, lastLifeAt: null, progress: null, usualGapMs: null },
      ]);
      await saveLifeSigns(store, []);
      const ended = await apply(store, run.id, exited(0));
      expect(ended).toMatchObject({ ...signs, logBytes: 7, version: run.version + 1 });
    });

    test("what a run showed last is written with its end, and nothing that comes later changes it", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const progress = { extracted: 10, skipped: 0, total: 10, message: "done" };
      const last = { logBytes: 99, lastLifeAt: T0 + 9_000, progress, usualGapMs: 5_000 };
      await applyOwnEvent(store, WORKER, run.id, exited(0), T0 + 10_000, last);
      expect(await findRun(store, run.id)).toMatchObject({ state: "completed", ...last });
      await saveLifeSigns(store, [
        { ...last, runId: run.id, logBytes: 1, progress: { ...progress, extracted: 2 } },
      ]);
      expect(await findRun(store, run.id)).toMatchObject(last);
    });

    test("what happened without a change of state is kept in order, page by page", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store, { id: jobId("east") });
      const run = await givenQueued(store, id);
      for (const type of ["adopted", "leftovers", "unkillable"])
        await noteEvent(store, run.id, { type, data: { pids: [1, 2], text: "ü" } }, T0 + 7);
      const [first, second] = await listEvents(store, run.id, { after: 0, limit: 2 });
      expect([first?.type, second?.type]).toEqual(["queued", "adopted"]);
      const rest = await listEvents(store, run.id, { after: second?.id ?? 0, limit: 50 });
      expect(rest.map((event) => event.type)).toEqual(["leftovers", "unkillable"]);
      expect(rest[0]).toMatchObject({ at: T0 + 7, data: { pids: [1, 2], text: "ü" } });
      expect((await findEvent(store, run.id, ["adopted", "leftovers"]))?.type).toBe("leftovers");
      expect(await findEvent(store, run.id, ["exited"])).toBeNull();
    });

    test("E10 undoing a clean-up is the one change a final run takes, and it brings no lock back", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      await apply(store, run.id, LOST, CLEANED);
      const undone = await apply(store, run.id, { type: "clean_undone", reason: "It was alive." });
      expect(undone).toMatchObject({ state: "interrupted", reason: LOST.reason });
      expect(await locksOf(store)).toEqual({ "job:nightly": { runId: null, fence: 1 } });
    });
  });
}
