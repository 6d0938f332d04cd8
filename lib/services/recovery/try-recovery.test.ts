import { describe, expect, test } from "vitest";
import { LOOK_AGAIN_MS, newStreak, type RecoveryRecord } from "@/lib/domain/auto-recovery";
import { AppError, type ErrorCode } from "@/lib/domain/errors";
import type { StateFacts } from "@/lib/domain/recovery";
import { aContext, actionsOf, wordsOf } from "@/test/a-context";
import { aJob, aRun, T0 } from "@/test/factories";
import { tryRecovery } from "./try-recovery";

const armed = aJob({ autoRecover: true });
const failed = aRun("failed");
const WAITING: RecoveryRecord = {
  ...newStreak(armed.id, failed.id, T0),
  state: "waiting",
  attempts: 1,
  nextAt: T0,
  nextAction: "restart",
  reason: "It failed.",
};
const DATA: StateFacts = { found: "data", path: "/s", bytes: 9, modifiedAt: T0, summary: null };
const given = { jobs: [armed], runs: [failed], recoveries: [WAITING], actor: "system", random: () => 0.5 };
const fails = (code: ErrorCode) => () => Promise.reject(new AppError(code, `${code}.`));

describe("an attempt to recover", () => {
  test("starts the job, resumes where that is possible at this moment, and counts it", async () => {
    for (const [state, counted] of [
      [DATA, { resumed: 1, restarted: 0 }],
      [
        { found: "none", path: null },
        { resumed: 0, restarted: 1 },
      ],
    ] as const) {
      const ctx = aContext({ ...given, readState: async () => state });
      expect(await tryRecovery(ctx, armed.id)).toBeNull();
      const newest = (await ctx.findJob(armed.id))?.newest;
      expect(newest).toMatchObject({ trigger: "recovery", state: "queued" });
      expect(await ctx.findRecovery(armed.id)).toMatchObject({
        state: "idle",
        runId: newest?.id,
        attempts: 2,
        ...counted,
      });
      expect(ctx.saved.audits[0]).toMatchObject({ action: "run.start_requested", reason: "It failed." });
    }
  });

  test("is made once: what does not wait is left alone", async () => {
    for (const recoveries of [[], [{ ...WAITING, state: "stopped" } as const]]) {
      const enqueueRun = () => Promise.reject(new Error("It was started."));
      const ctx = aContext({ ...given, recoveries, enqueueRun });
      expect(await tryRecovery(ctx, armed.id)).toBeNull();
      expect(ctx.saved.runs.size).toBe(1);
    }
  });

  test("waits for room on the disk rather than being refused", async () => {
    const ctx = aContext({ ...given, checkRoom: fails("DISK_FULL") });
    expect(await tryRecovery(ctx, armed.id)).toBeNull();
    expect(ctx.saved.runs.size).toBe(2);
  });
});

describe("an attempt that is refused", () => {
  test("counts like a run that ends at once, and the next one waits longer", async () => {
    const ctx = aContext({ ...given, checkCommand: fails("COMMAND_NOT_FOUND") });
    expect(await tryRecovery(ctx, armed.id)).toBe(2_000);
    expect(await ctx.findRecovery(armed.id)).toMatchObject({
      state: "waiting",
      attempts: 2,
      nextAt: T0 + 2_000,
      reason: "It could not be started: COMMAND_NOT_FOUND.",
    });
    expect(wordsOf(ctx, failed.id)).toEqual(["recovery_planned"]);
    expect(ctx.saved.audits).toMatchObject([
      { action: "recovery.planned", details: { code: "COMMAND_NOT_FOUND" } },
    ]);
  });

  test("too often is given up, with an alert", async () => {
    const recoveries = [{ ...WAITING, attempts: 4 }];
    const ctx = aContext({ ...given, recoveries, checkCommand: fails("COMMAND_NOT_FOUND") });
    expect(await tryRecovery(ctx, armed.id)).toBeNull();
    expect((await ctx.findRecovery(armed.id))?.state).toBe("gave_up");
    expect(ctx.saved.alerts.size).toBe(1);
  });

  test.each<ErrorCode>(["FOREIGN_PROCESS", "PATH_NOT_ANSWERING"])(
    "for %s is put off, counts as none, and is told once",
    async (code) => {
      const ctx = aContext({ ...given, checkPidFile: fails(code) });
      expect(await tryRecovery(ctx, armed.id)).toBe(LOOK_AGAIN_MS);
      ctx.clock.at += LOOK_AGAIN_MS;
      expect(await tryRecovery(ctx, armed.id)).toBe(LOOK_AGAIN_MS);
      expect(await ctx.findRecovery(armed.id)).toMatchObject({ attempts: 1, nextAt: T0 + 2 * LOOK_AGAIN_MS });
      expect(actionsOf(ctx)).toEqual(["recovery.planned"]);
    },
  );

  test("because the job was disabled meanwhile is kept as stopped, so that nothing starts out of the blue later", async () => {
    const ctx = aContext({ ...given, jobs: [{ ...armed, enabled: false }] });
    expect(await tryRecovery(ctx, armed.id)).toBeNull();
    expect(await ctx.findRecovery(armed.id)).toMatchObject({ state: "stopped", nextAt: null });
    expect(actionsOf(ctx)).toEqual(["recovery.stopped"]);
  });

  test("because somebody else started the job leaves no plan behind", async () => {
    const ctx = aContext({ ...given, runs: [failed, aRun("running")] });
    expect(await tryRecovery(ctx, armed.id)).toBeNull();
    expect(await ctx.findRecovery(armed.id)).toBeNull();
  });

  test("after it was called off meanwhile changes nothing", async () => {
    const ctx = aContext(given);
    const stopped = { ...WAITING, state: "stopped" } as const;
    const checkCommand = async () => {
      await ctx.decideRecovery(armed.id, () => ({ record: stopped, audit: null, event: null }));
      throw new AppError("COMMAND_NOT_FOUND", "No.");
    };
    expect(await tryRecovery({ ...ctx, checkCommand }, armed.id)).toBeNull();
    expect(await ctx.findRecovery(armed.id)).toEqual(stopped);
  });

  test.each<ErrorCode>(["DATABASE_LOCKED", "SUPERVISOR_UNAVAILABLE"])(
    "by what passes (%s) decides nothing: it is tried again",
    async (code) => {
      const ctx = aContext({ ...given, enqueueRun: fails(code) });
      await expect(tryRecovery(ctx, armed.id)).rejects.toMatchObject({ code });
      expect(await ctx.findRecovery(armed.id)).toEqual(WAITING);
    },
  );
});
