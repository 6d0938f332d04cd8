import { describe, expect, test } from "vitest";
import type { PidFileSight } from "@/lib/domain/pid-file";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { allStatus, jobStatus } from "./job-status";

const job = aJob({ pidFile: "job.pid" });
const FOREIGN = {
  identity: { pid: 77, startTicks: 5 },
  command: "node x.mjs",
  startedAt: T0,
  certain: true,
  doubt: null,
} as const;
const ours = (run: ReturnType<typeof aRun>): PidFileSight => ({
  found: "ours",
  pid: 4_001,
  runId: run.id,
  jobId: run.jobId,
});

describe("a job's status", () => {
  test("has its newest run with its health", async () => {
    const [old, newest] = [aRun("completed"), aRun("running")];
    const ctx = aContext({ jobs: [job], runs: [old, newest] });
    const status = await jobStatus(ctx, job.id);
    expect(status.newest?.run.id).toBe(newest.id);
    expect(status.newest?.health).not.toBeNull();
    expect(status).toMatchObject({ pidFileDetected: false, foreign: null });
  });

  test("sees its own run's pid file only while that run is active", async () => {
    const running = aRun("running");
    const active = aContext({ jobs: [job], runs: [running], seePidFile: async () => ours(running) });
    expect(await jobStatus(active, job.id)).toMatchObject({ pidFileDetected: true, foreign: null });
    const ended = aRun("completed");
    const over = aContext({ jobs: [job], runs: [ended], seePidFile: async () => ours(ended) });
    expect((await jobStatus(over, job.id)).pidFileDetected).toBe(false);
    const other = aContext({ jobs: [job], runs: [running], seePidFile: async () => ours(ended) });
    expect((await jobStatus(other, job.id)).pidFileDetected).toBe(false);
  });

  test("names the process that runs outside, and whether it is being ended", async () => {
    const seePidFile = async () => ({ found: "foreign", process: FOREIGN }) as const;
    const ctx = aContext({ jobs: [job], seePidFile, isEnding: ({ pid }) => pid === 77 });
    expect(await jobStatus(ctx, job.id)).toEqual({
      job,
      newest: null,
      pidFileDetected: true,
      foreign: { ...FOREIGN, stopping: true },
    });
  });

  test("looks at no pid file where the job has none", async () => {
    const ctx = aContext({ jobs: [aJob()], seePidFile: () => Promise.reject(new Error("looked")) });
    expect((await jobStatus(ctx, aJob().id)).pidFileDetected).toBe(false);
  });

  test("is refused for a job that does not exist", async () => {
    const ctx = aContext();
    await expectRefusal(ctx, "JOB_NOT_FOUND", () => jobStatus(ctx, jobId("nobody")));
  });
});

test("the status of all jobs has each of them, those that never ran too", async () => {
  const running = aRun("running");
  const ctx = aContext({ jobs: [aJob(), aJob({ id: jobId("idle") })], runs: [running] });
  const all = await allStatus(ctx);
  expect(all.map(({ job: { id }, newest }) => [id, newest?.run.id ?? null])).toEqual([
    ["idle", null],
    ["nightly", running.id],
  ]);
});
