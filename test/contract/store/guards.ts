import { describe, expect, test } from "vitest";
import { isFinal, RUN_STATES, type Run } from "@/lib/domain/run";
import type { RunEvent } from "@/lib/domain/transition";
import { fromRun } from "@/lib/store/rows";
import { findRun } from "@/lib/store/runs";
import type { Store, Transaction } from "@/lib/store/transaction";
import { aQueuedRun, aRun } from "@/test/factories";
import {
  apply,
  CLAIMED,
  CLEANED,
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

/** Writes past all of our code, as a person with a database tool would; answers what the database said, null for yes. */
function write(store: Store, work: (tx: Transaction) => Promise<unknown>): Promise<string | null> {
  return store.write(work).then(
    () => null,
    (error: unknown) => String(error),
  );
}

const ENDS = {
  completed: [CLAIMED, SPAWNED, exited(0)],
  failed: [CLAIMED, SPAWNED, exited(1)],
  stopped: [STOP],
  timed_out: [CLAIMED, SPAWNED, { ...STOP, cause: "silence" }, { type: "tree_gone" }],
  interrupted: [CLAIMED, { type: "lost", cause: "host_rebooted", reason: "Rebooted.", endedAt: null }],
  cleaned: [CLAIMED, SPAWNED, LOST, CLEANED],
} as const satisfies Record<string, readonly RunEvent[]>;

/** An interrupted run may be cleaned up, and that may be undone; nothing else ever changes after an end. */
const MAY_BECOME: Readonly<Record<string, string>> = { interrupted: "cleaned", cleaned: "interrupted" };

export function guardsContract(open: OpenStore): void {
  describe("the database itself, whatever is written to it", () => {
    for (const [state, events] of Object.entries(ENDS)) {
      test(`C1 keeps a ${state} run ${state}${MAY_BECOME[state] === undefined ? "" : `, or ${MAY_BECOME[state]}`}`, async () => {
        const store = await opened(open);
        const { id } = await givenJob(store);
        const run = await givenQueued(store, id);
        expect(await apply(store, run.id, ...events)).toMatchObject({ state });
        for (const other of RUN_STATES.filter((one) => one !== state)) {
          if (other === MAY_BECOME[state]) continue;
          const activeKey = isFinal(other) ? null : id;
          const answer = await write(
            store,
            (tx) =>
              tx.$executeRaw`UPDATE "Run" SET "state" = ${other}, "activeKey" = ${activeKey} WHERE "id" = ${run.id}`,
          );
          expect(answer, other).toMatch(/final run state cannot change/);
        }
        expect(await findRun(store, run.id)).toMatchObject({ state });
        const next = MAY_BECOME[state];
        if (next === undefined) return;
        const settle = (tx: Transaction) =>
          tx.$executeRaw`UPDATE "Run" SET "state" = ${next}, "unsettled" = ${next === "interrupted"} WHERE "id" = ${run.id}`;
        expect(await write(store, settle)).toBeNull();
      });
    }

    test("UX-A1 refuses to change how and why a run ended, while it is cleaned up and put back too", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenQueued(store, id);
      const known = await apply(store, run.id, ...ENDS.interrupted);
      const { reason, cause, exitCode, signal, endedAt } = known;
      for (const state of ["interrupted", "cleaned", "interrupted"]) {
        for (const change of [
          "reason = 'test'",
          "reason = NULL",
          "cause = 'cleanup'",
          "exitCode = 0",
          "signal = 'SIGTERM'",
          "endedAt = 0",
        ]) {
          const sql = `UPDATE "Run" SET "unsettled" = false, "state" = ?, ${change} WHERE "id" = ?`;
          const answer = await write(store, (tx) => tx.$executeRawUnsafe(sql, state, run.id));
          expect(answer, `${state}, ${change}`).toMatch(/how and why a run ended cannot change/);
        }
        const data = { state, unsettled: false };
        expect(await write(store, (tx) => tx.run.update({ where: { id: run.id }, data }))).toBeNull();
      }
      expect(await findRun(store, run.id)).toMatchObject({ reason, cause, exitCode, signal, endedAt });
    });

    test("refuses to call a run unsettled that is alive or was ended on purpose", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const unsettle = (tx: Transaction) =>
        tx.$executeRaw`UPDATE "Run" SET "unsettled" = true WHERE "id" = ${run.id}`;
      expect(await write(store, unsettle)).toMatch(/only a run that did not end well/);
      await apply(store, run.id, exited(0));
      expect(await write(store, unsettle)).toMatch(/only a run that did not end well/);
    });

    test("refuses a lock for a run that is over", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      await apply(store, run.id, exited(0));
      const refusal = /only an active run can hold a lock/;
      const take = (tx: Transaction) => tx.$executeRaw`UPDATE "Lock" SET "runId" = ${run.id}`;
      const make = (tx: Transaction) =>
        tx.$executeRaw`INSERT INTO "Lock" ("name", "runId") VALUES ('x', ${run.id})`;
      for (const work of [take, make]) expect(await write(store, work)).toMatch(refusal);
      expect(await locksOf(store)).toEqual({ "job:nightly": { runId: null, fence: 1 } });
    });

    test("refuses a lock for a run that does not exist", async () => {
      const store = await opened(open);
      const make = (tx: Transaction) =>
        tx.$executeRaw`INSERT INTO "Lock" ("name", "runId") VALUES ('x', 'run_none')`;
      expect(await write(store, make)).not.toBeNull();
    });

    test("refuses to end a run that still holds a lock", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const end = (tx: Transaction) =>
        tx.$executeRaw`UPDATE "Run" SET "state" = 'failed', "activeKey" = NULL WHERE "id" = ${run.id}`;
      expect(await write(store, end)).toMatch(/must release its locks before it ends/);
      expect(await findRun(store, run.id)).toMatchObject({ state: "running" });
    });

    test("D1 refuses a second active run of one job", async () => {
      const store = await opened(open);
      const job = await givenJob(store);
      const first = await givenQueued(store, job.id);
      const second = fromRun(aQueuedRun(job), true);
      await expect(store.write((tx) => tx.run.create({ data: second }))).rejects.toThrow(/[Uu]nique/);
      expect(await store.read.run.findMany({ select: { id: true } })).toEqual([{ id: first.id }]);
    });

    test("refuses an active run that hides from that rule, and a final one that stands in its way", async () => {
      const store = await opened(open);
      const job = await givenJob(store);
      const insert = (run: Run, active: boolean) =>
        write(store, (tx) => tx.run.create({ data: fromRun(run, active) }));
      const over = aRun("failed", { jobId: job.id });
      expect(await insert(aQueuedRun(job), false)).not.toBeNull();
      expect(await insert(over, true)).not.toBeNull();
      expect(await insert(over, false), "only the key was wrong with it").toBeNull();
      const run = await givenRunning(store, job.id);
      const hide = (tx: Transaction) =>
        tx.$executeRaw`UPDATE "Run" SET "activeKey" = NULL WHERE "id" = ${run.id}`;
      expect(await write(store, hide)).toMatch(/activeKey must be set exactly while a run is active/);
    });

    test("refuses to delete a job below its runs, or a run below its locks", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      expect(await write(store, (tx) => tx.$executeRaw`DELETE FROM "Job" WHERE "id" = ${id}`)).not.toBeNull();
      expect(
        await write(store, (tx) => tx.$executeRaw`DELETE FROM "Run" WHERE "id" = ${run.id}`),
      ).not.toBeNull();
      expect(await findRun(store, run.id)).toEqual(run);
    });

    test("refuses to be written through the connection that reads", async () => {
      const store = await opened(open);
      await givenJob(store);
      await expect(store.read.job.deleteMany()).rejects.toThrow();
      expect(await store.read.job.count()).toBe(1);
    });
  });
}
