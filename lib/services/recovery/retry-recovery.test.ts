import { expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { aContext, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { retryRecovery } from "./retry-recovery";

const armed = aJob({ autoRecover: true });
const failed = aRun("failed", { verdict: "resumable" });
const GAVE_UP = {
  ...newStreak(armed.id, failed.id, T0),
  state: "gave_up",
  attempts: 5,
  resumed: 3,
  nextAction: null,
} as const;

test("a retry plans an attempt for now, counts from nothing, and wakes the recovery", async () => {
  const ctx = aContext({ jobs: [armed], runs: [failed], recoveries: [GAVE_UP], at: T0 + 9 });
  const { record } = await retryRecovery(ctx, armed.id, { reason: "Site is back." });
  expect(record).toMatchObject({
    state: "waiting",
    attempts: 0,
    resumed: 3,
    nextAt: T0 + 9,
    nextAction: "resume",
  });
  expect(ctx.called).toEqual([["wakeRecovery", armed.id]]);
  expect(ctx.saved.audits).toMatchObject([
    {
      action: "recovery.retried",
      runId: failed.id,
      reason: "Site is back.",
      details: { was: "gave_up", attempts: 5 },
    },
  ]);
  expect(wordsOf(ctx, failed.id)).toEqual(["recovery_retried"]);
});

test("what left nothing is restarted, and a record of another run does not count", async () => {
  const dead = aRun("interrupted");
  const ctx = aContext({ jobs: [armed], runs: [dead], recoveries: [GAVE_UP] });
  const { record } = await retryRecovery(ctx, armed.id, {});
  expect(record).toMatchObject({ runId: dead.id, state: "waiting", nextAction: "restart", resumed: 0 });
});

test("while the job runs its recovery is switched on again, and nothing is started", async () => {
  const running = aRun("running");
  const stopped = { ...newStreak(armed.id, running.id, T0), state: "stopped", attempts: 2 } as const;
  const ctx = aContext({ jobs: [armed], runs: [running], recoveries: [stopped] });
  const { record } = await retryRecovery(ctx, armed.id, {});
  expect(record).toMatchObject({ state: "idle", attempts: 0, nextAt: null });
  expect(ctx.saved.runs.get(running.id)).toEqual(running);
});

test.each([
  ["is disabled", "is disabled", { enabled: false }, failed],
  ["does not recover by itself", "does not recover automatically", { autoRecover: false }, failed],
  ["never ran", "never ran", {}, null],
  ["ended well", "is over (completed)", {}, aRun("completed")],
  ["was decided about", "is over (interrupted)", {}, aRun("interrupted", { unsettled: false })],
])("there is nothing to retry of a job that %s", async (_, says, changes, run) => {
  const ctx = aContext({ jobs: [{ ...armed, ...changes }], runs: run === null ? [] : [run] });
  const { message } = await expectRefusal(ctx, "NOTHING_TO_RESUME", () => retryRecovery(ctx, armed.id, {}));
  expect(message).toContain(says);
});

test("there is nothing to retry of a job that does not exist", async () => {
  const ctx = aContext();
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => retryRecovery(ctx, jobId("nobody"), {}));
});
