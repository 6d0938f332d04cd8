import { describe, expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import type { ForeignProcess } from "@/lib/domain/pid-file";
import type { RunState } from "@/lib/domain/run";
import { aContext, actionsOf, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { stopJob, stopRun } from "./stop-job";

const FOREIGN: ForeignProcess = {
  identity: { pid: 77, startTicks: 5 },
  command: "node scrape.mjs",
  startedAt: T0,
  certain: true,
  doubt: null,
};

describe("a stop", () => {
  test("asks the active run to end with the job's grace, audits it, and wakes the supervisor for that run", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running], at: T0 + 5 });
    const { run, foreign } = await stopJob(ctx, running.jobId, { reason: "Too slow." });
    expect(foreign).toBeNull();
    expect(run).toMatchObject({ id: running.id, state: "stopping", cause: "stop", graceMs: 10_000 });
    expect(run?.reason).toContain("Too slow.");
    expect(ctx.saved.runs.get(running.id)).toEqual(run);
    expect(ctx.saved.audits).toMatchObject([
      {
        action: "run.stop_requested",
        actor: "operator",
        runId: running.id,
        reason: "Too slow.",
        details: { graceMs: 10_000 },
      },
    ]);
    expect(ctx.called).toEqual([["nudge", running.id]]);
  });

  test("by force gives no grace and is audited as that", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running] });
    expect((await stopJob(ctx, running.jobId, { force: true, graceMs: 9 })).run).toMatchObject({
      graceMs: 0,
    });
    expect(actionsOf(ctx)).toEqual(["run.force_stop_requested"]);
  });

  test("of a run that still waits ends it at once and lets go of its locks", async () => {
    const queued = aRun("queued");
    const ctx = aContext({ runs: [queued] });
    expect((await stopJob(ctx, queued.jobId, {})).run).toMatchObject({ state: "stopped", cause: "stop" });
    expect(await ctx.fencesOf(queued.id)).toEqual([]);
  });

  test("asked again shortens the grace and never lengthens it", async () => {
    const stopping = aRun("stopping");
    const ctx = aContext({ runs: [stopping] });
    expect((await stopJob(ctx, stopping.jobId, { graceMs: 50_000 })).run).toMatchObject({ graceMs: 10_000 });
    expect((await stopJob(ctx, stopping.jobId, { graceMs: 2_000 })).run).toMatchObject({ graceMs: 2_000 });
  });

  test("is refused for no job, for one that never ran, and for one whose run is over", async () => {
    const ended = aRun("completed");
    const job = aJob({ id: jobId("fresh") });
    const ctx = aContext({ jobs: [job], runs: [ended] });
    await expectRefusal(ctx, "JOB_NOT_FOUND", () => stopJob(ctx, jobId("nobody"), {}));
    const never = await expectRefusal(ctx, "NOT_RUNNING", () => stopJob(ctx, job.id, {}));
    expect(never.message).toContain("it never ran");
    await expect(stopJob(ctx, ended.jobId, {})).rejects.toMatchObject({
      code: "NOT_RUNNING",
      details: { runId: ended.id },
    });
    expect(ctx.saved.runs.get(ended.id)).toEqual(ended);
    expect(ctx.saved.audits).toEqual([]);
  });
});

describe("a stop of what will be started again", () => {
  test("calls off the restart of a run that is ending for one", async () => {
    const restarting = aRun("stopping", { cause: "restart" });
    const ctx = aContext({ runs: [restarting] });
    const run = await stopRun(ctx, restarting, {});
    expect(run.state).toBe("stopping");
    expect(wordsOf(ctx, restarting.id)).toContain("restart_cancelled");
  });

  test("of the restart itself calls nothing off", async () => {
    const restarting = aRun("stopping", { cause: "restart" });
    const ctx = aContext({ runs: [restarting] });
    await stopRun(ctx, restarting, { cause: "restart" });
    expect(wordsOf(ctx, restarting.id)).not.toContain("restart_cancelled");
  });

  test("calls off the restart between the end of a run and the start of its successor", async () => {
    const ended = aRun("stopped", { cause: "restart" });
    const events = [{ runId: ended.id, type: "restart_requested", data: { delayMs: 5 } }];
    const ctx = aContext({ runs: [ended], events });
    expect(await stopRun(ctx, ended, {})).toEqual(ended);
    expect(wordsOf(ctx, ended.id).at(-1)).toBe("restart_cancelled");
    await expect(stopRun(ctx, ended, {})).rejects.toMatchObject({ code: "NOT_RUNNING" });
  });

  test.each<RunState>(["stopping", "interrupted"])(
    "keeps a run that a shutdown ends (%s) from going on afterwards",
    async (state) => {
      const run = aRun(state, { cause: "shutdown" });
      const ctx = aContext({ jobs: [aJob({ resumeAfterShutdown: true })], runs: [run] });
      await stopRun(ctx, run, {});
      expect(wordsOf(ctx, run.id)).toContain("resume_cancelled");
      expect(ctx.saved.runs.get(run.id)?.state).toBe(state);
    },
  );

  test("calls off the next attempt of a recovery", async () => {
    const failed = aRun("failed");
    const record = { ...newStreak(failed.jobId, failed.id, T0), state: "waiting", nextAt: T0 + 9 } as const;
    const ctx = aContext({ jobs: [aJob({ autoRecover: true })], runs: [failed], recoveries: [record] });
    expect((await stopJob(ctx, failed.jobId, {})).run?.id).toBe(failed.id);
    expect(ctx.saved.recoveries.get(failed.jobId)).toMatchObject({ state: "stopped", nextAt: null });
    expect(actionsOf(ctx)).toEqual(["recovery.stopped"]);
  });
});

describe("a stop of a job whose process was started outside", () => {
  const job = aJob({ pidFile: "job.pid" });
  const seePidFile = async () => ({ found: "foreign", process: FOREIGN }) as const;

  test("ends that process on record, with the job's signals and grace", async () => {
    const ctx = aContext({ jobs: [job], seePidFile });
    expect(await stopJob(ctx, job.id, { reason: "By hand." })).toEqual({ run: null, foreign: FOREIGN });
    const [stop] = ctx.saved.stops.values();
    expect(stop).toMatchObject({
      target: { kind: "foreign", pidFile: "/job.pid", runAs: null },
      identity: FOREIGN.identity,
      graceMs: 10_000,
      jobId: job.id,
    });
    expect(ctx.called).toEqual([["endForeign", stop, { path: "/job.pid", runAs: null }]]);
    expect(ctx.saved.audits).toMatchObject([
      {
        action: "foreign.stop_requested",
        reason: "By hand.",
        details: { pid: 77, command: "node scrape.mjs" },
      },
    ]);
  });

  test("signals nobody when it is not certain who wrote the pid file", async () => {
    const doubtful = { ...FOREIGN, certain: false, doubt: "clock" } as const;
    const ctx = aContext({ jobs: [job], seePidFile: async () => ({ found: "foreign", process: doubtful }) });
    await expectRefusal(ctx, "FOREIGN_PROCESS", () => stopJob(ctx, job.id, {}));
  });

  test("calls off the recovery that waits for that very process", async () => {
    const failed = aRun("failed");
    const record = { ...newStreak(job.id, failed.id, T0), state: "waiting" } as const;
    const its = { ...job, autoRecover: true };
    const ctx = aContext({ jobs: [its], runs: [failed], recoveries: [record], seePidFile });
    await stopJob(ctx, job.id, {});
    expect(ctx.saved.recoveries.get(job.id)?.state).toBe("stopped");
    expect(ctx.saved.stops.size).toBe(1);
  });

  test("stops the run of ours that is active, whatever the pid file says", async () => {
    const running = aRun("running");
    const ctx = aContext({ jobs: [job], runs: [running], seePidFile });
    expect((await stopJob(ctx, job.id, {})).run?.state).toBe("stopping");
    expect(ctx.saved.stops.size).toBe(0);
  });
});
