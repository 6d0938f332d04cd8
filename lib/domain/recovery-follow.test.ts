import { expect, test } from "vitest";
import { aJob, aRun, T0 } from "@/test/factories";
import { newStreak, type RecoveryRecord } from "./auto-recovery";
import { afterSettings, afterStart, gaveUpAlert } from "./recovery-follow";

const job = aJob({ autoRecover: true });
const failed = aRun("failed");
const WAITING: RecoveryRecord = {
  ...newStreak(job.id, failed.id, T0),
  state: "waiting",
  attempts: 1,
  nextAt: T0,
  nextAction: "restart",
  reason: "It failed.",
};
const next = aRun("queued", { trigger: "recovery", actor: "system" });

test("the recovery's own run goes on with the streak and says whether it resumes", () => {
  expect(afterStart(WAITING, next, failed)).toMatchObject({
    record: {
      state: "idle",
      runId: next.id,
      attempts: 2,
      restarted: 1,
      resumed: 0,
      nextAt: null,
      reason: null,
    },
    audit: { action: "recovery.restarted", runId: failed.id, reason: "It failed.", details: { attempt: 2 } },
    event: { runId: failed.id, type: "recovery_restarted", data: { runId: next.id } },
  });
  expect(afterStart(WAITING, { ...next, parentRunId: failed.id }, failed)).toMatchObject({
    record: { restarted: 0, resumed: 1 },
    event: { type: "recovery_resumed" },
  });
});

test("a recovery that nothing waits for any more is refused", () => {
  const over = { ...failed, unsettled: false };
  for (const [record, before] of [
    [null, failed],
    [{ ...WAITING, state: "stopped" } as const, failed],
    [WAITING, aRun("failed")],
    [WAITING, over],
    [WAITING, null],
  ] as const)
    expect(() => afterStart(record, next, before)).toThrow("does not wait for its recovery any more");
});

test("any other start ends the streak, and says so only where an attempt waited", () => {
  const byHand = aRun("queued", { actor: "anna" });
  expect(afterStart(null, byHand, failed)).toBeNull();
  expect(afterStart({ ...WAITING, state: "idle" }, byHand, failed)).toEqual({
    record: null,
    audit: null,
    event: null,
  });
  expect(afterStart(WAITING, byHand, failed)).toMatchObject({
    record: null,
    audit: { actor: "anna", action: "recovery.stopped", runId: failed.id },
    event: { type: "recovery_stopped" },
  });
});

test("switching recovery off ends the streak; switching it on does not reach back", () => {
  const off = { ...job, autoRecover: false };
  const found = { newest: failed, record: WAITING };
  expect(afterSettings(job, { job: off, ...found }, "anna")).toMatchObject({
    record: null,
    audit: { actor: "anna" },
  });
  expect(afterSettings(job, { job: { ...job, enabled: false }, ...found }, "anna")?.audit?.reason).toContain(
    "disabled",
  );
  expect(afterSettings(off, { job, newest: failed, record: null }, "anna")).toMatchObject({
    record: { state: "stopped", runId: failed.id },
    audit: null,
  });
  for (const newest of [null, aRun("running"), aRun("completed")])
    expect(afterSettings(off, { job, newest, record: null }, "anna")).toBeNull();
});

test("settings that leave recovery as it is change nothing, nor does switching off what never began", () => {
  expect(
    afterSettings(job, { job: { ...job, title: "x" }, newest: failed, record: WAITING }, "anna"),
  ).toBeNull();
  const off = { ...job, autoRecover: false };
  expect(afterSettings(job, { job: off, newest: failed, record: null }, "anna")).toBeNull();
});

test("giving up is an alert with the job, the run and the reason", () => {
  expect(gaveUpAlert({ ...WAITING, reason: "Crash loop." }, "alert_1", T0)).toMatchObject({
    id: "alert_1",
    kind: "recovery",
    job: job.id,
    runs: [failed.id],
    detail: "Crash loop.",
  });
});
