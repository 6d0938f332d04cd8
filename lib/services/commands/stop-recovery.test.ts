import { expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { aContext, actionsOf, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { getRecovery } from "./get-recovery";
import { callOffRecovery, stopRecovery } from "./stop-recovery";

const armed = aJob({ autoRecover: true });
const failed = aRun("failed");
const WAITING = {
  ...newStreak(armed.id, failed.id, T0),
  state: "waiting",
  attempts: 2,
  nextAt: T0 + 9,
  nextAction: "restart",
} as const;
const waiting = () => aContext({ jobs: [armed], runs: [failed], recoveries: [WAITING] });

test("stopping a recovery plans no more attempts, says who did it, and keeps how many there were", async () => {
  const ctx = waiting();
  const { record } = await stopRecovery(ctx, armed.id, { reason: "Site is down." });
  expect(record).toMatchObject({ state: "stopped", attempts: 2, nextAt: null, nextAction: null });
  expect(record?.reason).toContain("operator");
  expect(ctx.saved.audits).toMatchObject([
    {
      action: "recovery.stopped",
      runId: failed.id,
      reason: "Site is down.",
      details: { attempts: 2, was: "waiting" },
    },
  ]);
  expect(wordsOf(ctx, failed.id)).toEqual(["recovery_stopped"]);
});

test("what is stopped already is not written down again", async () => {
  const ctx = waiting();
  await stopRecovery(ctx, armed.id, {});
  await stopRecovery(ctx, armed.id, {});
  expect(actionsOf(ctx)).toEqual(["recovery.stopped"]);
});

test("an armed job is stopped before anything has failed, one that is not armed has nothing to stop", async () => {
  const running = aRun("running");
  const ctx = aContext({ jobs: [armed], runs: [running] });
  expect((await stopRecovery(ctx, armed.id, {})).record).toMatchObject({
    state: "stopped",
    runId: running.id,
  });
  expect(ctx.saved.runs.get(running.id)).toEqual(running);
  const plain = aContext({ runs: [running] });
  expect((await stopRecovery(plain, running.jobId, {})).record).toBeNull();
  expect(plain.saved.audits).toEqual([]);
});

test("there is no recovery of a job that does not exist", async () => {
  const ctx = waiting();
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => stopRecovery(ctx, jobId("nobody"), {}));
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => getRecovery(ctx, jobId("nobody")));
});

test("only an attempt that is planned is called off", async () => {
  const ctx = waiting();
  expect(await callOffRecovery(ctx, armed.id, undefined)).toBe(true);
  expect(await callOffRecovery(ctx, armed.id, undefined)).toBe(false);
  const idle = aContext({ jobs: [armed], runs: [failed], recoveries: [newStreak(armed.id, failed.id, T0)] });
  expect(await callOffRecovery(idle, armed.id, undefined)).toBe(false);
  expect(idle.saved.recoveries.get(armed.id)?.state).toBe("idle");
});

test("a recovery is shown with how many attempts there are at most, and whether the job recovers at all", async () => {
  const ctx = waiting();
  expect(await getRecovery(ctx, armed.id)).toEqual({
    job: armed.id,
    enabled: true,
    maxAttempts: 5,
    record: WAITING,
  });
  const off = aContext({ jobs: [aJob({ enabled: false, autoRecover: true })] });
  expect(await getRecovery(off, armed.id)).toMatchObject({ enabled: false, record: null });
});

test("a record speaks of no run that was decided about since, and of none but the newest", async () => {
  const settled = { ...failed, unsettled: false };
  const decided = aContext({ jobs: [armed], runs: [settled], recoveries: [WAITING] });
  expect((await getRecovery(decided, armed.id)).record).toBeNull();
  const newer = aContext({ jobs: [armed], runs: [failed, aRun("running")], recoveries: [WAITING] });
  expect((await getRecovery(newer, armed.id)).record).toBeNull();
});
