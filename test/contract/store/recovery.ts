import { describe, expect, test } from "vitest";
import { newStreak, type RecoveryRecord } from "@/lib/domain/auto-recovery";
import type { Job } from "@/lib/domain/job";
import type { RecoveryChange } from "@/lib/domain/ports/recoveries";
import type { Run } from "@/lib/domain/run";
import { beginDeletion } from "@/lib/store/job-deletion";
import { updateJob } from "@/lib/store/jobs";
import { decideRecovery, findRecovery, listUndecidedEnds, listWaitingRecoveries } from "@/lib/store/recovery";
import type { Store } from "@/lib/store/transaction";
import { T0 } from "@/test/factories";
import {
  apply,
  audit,
  CLEANED,
  enqueue,
  eventTypes,
  exited,
  givenJob,
  givenRunning,
  type OpenStore,
  opened,
} from "./given";

const RECOVERY = { trigger: "recovery", actor: "system" } as const;

async function givenFailed(store: Store): Promise<{ job: Job; run: Run }> {
  const job = await givenJob(store, { autoRecover: true });
  const run = await givenRunning(store, job.id);
  return { job, run: await apply(store, run.id, exited(1)) };
}

async function givenWaiting(store: Store): Promise<{ job: Job; run: Run; record: RecoveryRecord }> {
  const { job, run } = await givenFailed(store);
  const record = {
    ...newStreak(job.id, run.id, T0),
    state: "waiting",
    nextAt: T0 + 500,
    nextAction: "restart",
    reason: "It failed.",
  } as const;
  await decide(store, job, record);
  return { job, run, record };
}

function decide(store: Store, job: Job, record: RecoveryRecord | null) {
  const change: RecoveryChange = { record, audit: null, event: null };
  return decideRecovery(store, job.id, () => change, T0);
}

async function actionsOf(store: Store): Promise<string[]> {
  const rows = await store.read.audit.findMany({ orderBy: { id: "asc" } });
  return rows.map(({ action }) => action).filter((action) => action.startsWith("recovery."));
}

export function recoveryContract(open: OpenStore): void {
  describe("automatic recovery", () => {
    test("a decision is kept with its audit row and its event, or not at all", async () => {
      const store = await opened(open);
      const { job, run } = await givenFailed(store);
      const record = { ...newStreak(job.id, run.id, T0), state: "gave_up", attempts: 5 } as const;
      const change = {
        record,
        audit: audit("recovery.gave_up", { jobId: job.id, runId: run.id }),
        event: { runId: run.id, type: "recovery_gave_up", data: { attempts: 5 } },
      };
      const refuse = () => {
        throw new Error("No.");
      };
      await expect(decideRecovery(store, job.id, refuse, T0)).rejects.toThrow("No.");
      expect(await decideRecovery(store, job.id, () => null, T0)).toBeNull();
      expect(await findRecovery(store, job.id)).toBeNull();
      expect(await decideRecovery(store, job.id, () => change, T0)).toEqual(change);
      expect(await findRecovery(store, job.id)).toEqual(record);
      expect(await actionsOf(store)).toEqual(["recovery.gave_up"]);
      expect((await eventTypes(store, run.id)).at(-1)).toBe("recovery_gave_up");
    });

    test("what is planned is carried out once, whoever asks how often at the same moment", async () => {
      const store = await opened(open);
      const { job, run } = await givenWaiting(store);
      expect(await listWaitingRecoveries(store)).toEqual([job.id]);
      const tries = await Promise.allSettled(
        Array.from({ length: 5 }, () => enqueue(store, job.id, RECOVERY)),
      );
      const started = tries.flatMap((one) =>
        one.status === "fulfilled" && one.value.ok ? [one.value.run] : [],
      );
      expect(started).toHaveLength(1);
      expect(await findRecovery(store, job.id)).toMatchObject({
        state: "idle",
        runId: started[0]?.id,
        attempts: 1,
        restarted: 1,
        nextAt: null,
      });
      expect(await actionsOf(store)).toEqual(["recovery.restarted"]);
      expect((await eventTypes(store, run.id)).at(-1)).toBe("recovery_restarted");
      expect(await listWaitingRecoveries(store)).toEqual([]);
    });

    test("what was called off, cleaned or decided by somebody else is not started, and nothing of it stays", async () => {
      const store = await opened(open);
      const { job, run, record } = await givenWaiting(store);
      await decide(store, job, { ...record, state: "stopped" });
      await expect(enqueue(store, job.id, RECOVERY)).rejects.toMatchObject({ code: "NOTHING_TO_RESUME" });
      await decide(store, job, { ...record, runId: null });
      await expect(enqueue(store, job.id, RECOVERY)).rejects.toMatchObject({ code: "NOTHING_TO_RESUME" });
      expect(await store.read.run.count()).toBe(1);
      expect(await store.read.run.findUnique({ where: { id: run.id } })).toMatchObject({ unsettled: true });
    });

    test("a cleaned run is not recovered", async () => {
      const store = await opened(open);
      const job = await givenJob(store, { autoRecover: true });
      const { id } = await givenRunning(store, job.id);
      await apply(store, id, { type: "lost", cause: "host_rebooted", reason: "Gone.", endedAt: null });
      expect(await listUndecidedEnds(store)).toMatchObject([{ id }]);
      await decide(store, job, { ...newStreak(job.id, id, T0), state: "waiting" });
      await apply(store, id, CLEANED);
      await expect(enqueue(store, job.id, RECOVERY)).rejects.toMatchObject({ code: "NOTHING_TO_RESUME" });
    });

    test("a start by somebody else ends the streak, and says so where one was waited for", async () => {
      const store = await opened(open);
      const { job } = await givenWaiting(store);
      expect(await enqueue(store, job.id, { trigger: "manual" })).toMatchObject({ ok: true });
      expect(await findRecovery(store, job.id)).toBeNull();
      expect(await actionsOf(store)).toEqual(["recovery.stopped"]);
    });

    test("ends that nobody has decided on are found, and only those", async () => {
      const store = await opened(open);
      const { job, run } = await givenFailed(store);
      expect(await listUndecidedEnds(store)).toMatchObject([{ id: run.id }]);
      const streak = newStreak(job.id, run.id, T0);
      await decide(store, job, streak);
      expect(await listUndecidedEnds(store)).toMatchObject([{ id: run.id }]);
      for (const state of ["waiting", "gave_up", "stopped"] as const) {
        await decide(store, job, { ...streak, state });
        expect(await listUndecidedEnds(store)).toEqual([]);
      }
    });

    test("switching it off ends the streak, and switching it on does not reach back", async () => {
      const store = await opened(open);
      const { job, run } = await givenWaiting(store);
      const change = (version: number, changes: Partial<Job>) =>
        updateJob(
          store,
          job.id,
          version,
          (before, secrets) => ({ job: { ...before, ...changes, version: version + 1 }, secrets }),
          audit("job.changed", { jobId: job.id }),
        );
      await change(1, { title: "Another" });
      expect(await findRecovery(store, job.id)).toMatchObject({ state: "waiting" });
      await change(2, { autoRecover: false });
      expect(await findRecovery(store, job.id)).toBeNull();
      expect(await actionsOf(store)).toEqual(["recovery.stopped"]);
      await change(3, { autoRecover: true });
      expect(await findRecovery(store, job.id)).toMatchObject({ state: "stopped", runId: run.id });
      expect(await listUndecidedEnds(store)).toEqual([]);
    });

    test("goes with its job", async () => {
      const store = await opened(open);
      const { job } = await givenWaiting(store);
      await beginDeletion(store, job.id, audit("job.deleted"), T0);
      expect(await findRecovery(store, job.id)).toBeNull();
    });
  });
}
