import { describe, expect, test } from "vitest";
import type { JobPidFile, PidFileSight } from "@/lib/domain/pid-file";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { resetJob } from "./reset-job";

const FOREIGN = {
  found: "foreign",
  process: {
    identity: { pid: 77, startTicks: 5 },
    command: "node x.mjs",
    startedAt: T0,
    certain: true,
    doubt: null,
  },
} as const satisfies PidFileSight;
const DOUBTFUL = { ...FOREIGN, process: { ...FOREIGN.process, certain: false, doubt: "clock" } } as const;
const STALE = { found: "stale", why: "it names no process", pid: 9 } as const;
const GONE = { type: "lost", cause: "launcher_killed", reason: "Gone.", endedAt: null } as const;

describe("a reset", () => {
  test("has nothing to do for a job whose runs are over, and is audited all the same", async () => {
    const ended = aRun("failed");
    const ctx = aContext({ runs: [ended] });
    const done = await resetJob(ctx, ended.jobId, { reason: "Looks stuck." });
    expect(done).toMatchObject({ done: "nothing", run: ended, foreign: null, pidFile: "none" });
    expect(ctx.saved.runs.get(ended.id)).toEqual(ended);
    expect(ctx.saved.audits).toMatchObject([
      { action: "job.reset_requested", reason: "Looks stuck.", details: { force: false, runId: ended.id } },
    ]);
  });

  test("takes a run out of the queue", async () => {
    const queued = aRun("queued");
    const ctx = aContext({ runs: [queued] });
    const { done, run } = await resetJob(ctx, queued.jobId, {});
    expect(done).toBe("cancelled");
    expect(run).toMatchObject({ state: "stopped", cause: "reset" });
  });

  test("gives a run whose process is proven gone its true end", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running] });
    const verify = async () => (await ctx.applyEvent(running.id, GONE)).ok;
    const { done, run } = await resetJob({ ...ctx, verify }, running.jobId, {});
    expect(done).toBe("recovered");
    expect(run).toMatchObject({ state: "interrupted", cause: "launcher_killed" });
  });

  test("is refused for a run that is alive, and says what force would do", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running], at: T0 + 62_000 });
    await expect(resetJob(ctx, running.jobId, {})).rejects.toMatchObject({
      code: "RUN_ALIVE",
      details: { runId: running.id, pid: 4_001, ageMs: 60_000, force: expect.stringContaining("SIGKILL") },
    });
    expect(ctx.saved.runs.get(running.id)).toEqual(running);
    expect(actionsOf(ctx)).toEqual(["job.reset_requested"]);
  });

  test("with force ends it at once, and says that the job can be started when that is done", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running] });
    const { done, run } = await resetJob(ctx, running.jobId, { force: true });
    expect(done).toBe("stopping");
    expect(run).toMatchObject({ state: "stopping", cause: "reset", graceMs: 0 });
    expect(actionsOf(ctx)).toEqual(["job.reset_requested", "run.force_stop_requested"]);
  });

  test("with force of a run that ends by itself in between leaves it its own end", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running] });
    const verify = async () => {
      await ctx.applyEvent(running.id, GONE);
      return false;
    };
    const { done, run } = await resetJob({ ...ctx, verify }, running.jobId, { force: true });
    expect(done).toBe("recovered");
    expect(run?.cause).toBe("launcher_killed");
  });

  test("is refused for a job that does not exist", async () => {
    const ctx = aContext();
    await expectRefusal(ctx, "JOB_NOT_FOUND", () => resetJob(ctx, jobId("nobody"), {}));
  });
});

describe("a reset of a job with a pid file", () => {
  const job = aJob({ pidFile: "job.pid" });
  const given = (sight: PidFileSight, removed = false) => {
    const asked: unknown[] = [];
    const removeStalePidFile = async ({ path }: JobPidFile, doubtfulToo: boolean) => {
      asked.push([path, doubtfulToo]);
      return removed;
    };
    return { asked, ctx: aContext({ jobs: [job], seePidFile: async () => sight, removeStalePidFile }) };
  };

  test("removes one that names no process, and says why", async () => {
    const { ctx, asked } = given(STALE, true);
    const { pidFile, detail } = await resetJob(ctx, job.id, {});
    expect(pidFile).toBe("removed");
    expect(detail).toContain("it names no process");
    expect(asked).toEqual([["/job.pid", false]]);
  });

  test("keeps one that is not ours to remove", async () => {
    expect((await resetJob(given({ found: "refused", why: "a link" }).ctx, job.id, {})).pidFile).toBe("kept");
    expect((await resetJob(given({ found: "nothing" }).ctx, job.id, {})).pidFile).toBe("none");
  });

  test("is refused while a process outside is behind it", async () => {
    for (const sight of [FOREIGN, DOUBTFUL]) {
      const { ctx, asked } = given(sight);
      await expect(resetJob(ctx, job.id, {})).rejects.toMatchObject({ code: "FOREIGN_PROCESS" });
      expect([asked, ctx.called, actionsOf(ctx)]).toEqual([[], [], ["job.reset_requested"]]);
    }
  });

  test("with force ends that process at once and keeps its file", async () => {
    const { ctx, asked } = given(FOREIGN);
    const reset = await resetJob(ctx, job.id, { force: true });
    expect(reset).toMatchObject({ done: "stopping", foreign: FOREIGN.process, pidFile: "kept" });
    expect([...ctx.saved.stops.values()]).toMatchObject([{ graceMs: 0, jobId: job.id }]);
    expect(asked).toEqual([]);
  });

  test("with force signals nobody who is not certain to have written it: only the file goes", async () => {
    const { ctx, asked } = given(DOUBTFUL, true);
    expect(await resetJob(ctx, job.id, { force: true })).toMatchObject({
      done: "nothing",
      pidFile: "removed",
    });
    expect(asked).toEqual([["/job.pid", true]]);
    expect(ctx.saved.stops.size).toBe(0);
  });
});
