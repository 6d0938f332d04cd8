import { describe, expect, test } from "vitest";
import { newStreak, type RecoveryRecord } from "@/lib/domain/auto-recovery";
import type { StateFacts } from "@/lib/domain/recovery";
import { aContext, actionsOf, wordsOf } from "@/test/a-context";
import { aJob, aRun, T0 } from "@/test/factories";
import { planRecovery } from "./plan-recovery";

const armed = aJob({ autoRecover: true });
const failed = aRun("failed");
const DATA: StateFacts = { found: "data", path: "/s", bytes: 9, modifiedAt: T0, summary: null };
const streak = (changes: Partial<RecoveryRecord> = {}): RecoveryRecord => ({
  ...newStreak(armed.id, failed.id, T0),
  ...changes,
});

describe("the end of a run that was not wanted", () => {
  test("plans the next attempt: a resume where there is something to go on from, else a restart", async () => {
    for (const [state, nextAction] of [
      [DATA, "resume"],
      [{ found: "none", path: null }, "restart"],
    ] as const) {
      const ctx = aContext({
        jobs: [armed],
        runs: [failed],
        at: T0 + 9,
        random: () => 0.5,
        readState: async () => state,
      });
      const planned = await planRecovery(ctx, failed, 500);
      expect(planned).toMatchObject({
        waitMs: 500,
        record: { state: "waiting", nextAction, nextAt: T0 + 509 },
      });
      expect(ctx.saved.recoveries.get(armed.id)).toEqual(planned?.record);
      expect(wordsOf(ctx, failed.id)).toEqual(["recovery_planned"]);
      expect(ctx.saved.audits).toMatchObject([
        {
          actor: "system",
          action: "recovery.planned",
          runId: failed.id,
          details: { state: "failed", action: nextAction, attempt: 1, ranMs: 500 },
        },
      ]);
    }
  });

  test("is decided once, however often it is asked", async () => {
    const ctx = aContext({ jobs: [armed], runs: [failed] });
    expect(await planRecovery(ctx, failed, 500)).not.toBeNull();
    expect(await planRecovery(ctx, failed, 500)).toBeNull();
    expect(actionsOf(ctx)).toEqual(["recovery.planned"]);
  });

  test("after too many in a row is given up, loudly", async () => {
    const ctx = aContext({ jobs: [armed], runs: [failed], recoveries: [streak({ attempts: 5 })] });
    expect(await planRecovery(ctx, failed, 500)).toMatchObject({
      waitMs: null,
      record: { state: "gave_up" },
    });
    expect([...ctx.saved.alerts.values()]).toMatchObject([
      { kind: "recovery", job: armed.id, runs: [failed.id] },
    ]);
    expect(actionsOf(ctx)).toEqual(["recovery.gave_up"]);
  });

  test("counts attempts from nothing once a run was well for long enough, by the clock that no one can set", async () => {
    const recoveries = [streak({ attempts: 4 })];
    const long = aContext({ jobs: [armed], runs: [failed], recoveries });
    expect((await planRecovery(long, failed, 120_000))?.record?.attempts).toBe(0);
    const short = aContext({ jobs: [armed], runs: [failed], recoveries });
    expect((await planRecovery(short, failed, 500))?.record?.attempts).toBe(4);
    // Only the wall clock knows: from 2 s to 60 s.
    const unknown = aContext({ jobs: [armed], runs: [failed], recoveries });
    expect((await planRecovery(unknown, failed, null))?.record?.attempts).toBe(4);
  });

  test("is stopped where its checkpoint says that the work is done", async () => {
    const complete = async () => ({ found: "complete", path: "/s", modifiedAt: T0 }) as const;
    const ctx = aContext({ jobs: [armed], runs: [failed], readState: complete });
    expect(await planRecovery(ctx, failed, 500)).toMatchObject({
      waitMs: null,
      record: { state: "stopped" },
    });
  });
});

describe("nothing is planned", () => {
  test("for a job that does not recover by itself", async () => {
    for (const job of [aJob(), aJob({ autoRecover: true, enabled: false })]) {
      const readState = () => Promise.reject(new Error("Its checkpoint was read."));
      const ctx = aContext({ jobs: [job], runs: [failed], readState });
      expect(await planRecovery(ctx, failed, 500)).toBeNull();
      expect(ctx.saved.recoveries.size).toBe(0);
    }
  });

  test("once somebody has started the job again", async () => {
    for (const newer of [aRun("running"), aRun("failed")]) {
      const ctx = aContext({ jobs: [armed], runs: [failed, newer] });
      expect(await planRecovery(ctx, failed, 500)).toBeNull();
      expect(ctx.saved.audits).toEqual([]);
    }
  });

  test("after an end that was wanted: the streak is over", async () => {
    const done = aRun("completed");
    const record = streak({ runId: done.id, attempts: 2 });
    const ctx = aContext({ jobs: [armed], runs: [done], recoveries: [record] });
    expect(await planRecovery(ctx, done, 500)).toMatchObject({ record: null, waitMs: null });
    expect(await ctx.findRecovery(armed.id)).toBeNull();
    const fresh = aContext({ jobs: [armed], runs: [done] });
    expect(await planRecovery(fresh, done, 500)).toBeNull();
  });

  test.each([
    ["stop_requested", { cause: "stop" }],
    ["stop_requested", { cause: "restart" }],
    ["refused", { event: "stop_requested" }],
  ])("when it was to be stopped and failed first (%s, %j)", async (type, data) => {
    const asked = aRun("failed", { stopRequestedAt: T0 + 5 });
    const ctx = aContext({ jobs: [armed], runs: [asked], events: [{ runId: asked.id, type, data }] });
    expect(await planRecovery(ctx, asked, 500)).toBeNull();
  });

  test("but a run that ran into a limit is to go on", async () => {
    const silent = aRun("timed_out", { stopRequestedAt: T0 + 5 });
    const events = [{ runId: silent.id, type: "stop_requested", data: { cause: "silence" } }];
    const ctx = aContext({ jobs: [armed], runs: [silent], events });
    expect(await planRecovery(ctx, silent, 500)).toMatchObject({ record: { state: "waiting" } });
  });
});
