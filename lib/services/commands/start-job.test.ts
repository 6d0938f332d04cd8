import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { lockNames } from "@/lib/domain/job";
import type { JobPidFile } from "@/lib/domain/pid-file";
import { PLACEHOLDER_ARGV } from "@/lib/domain/placeholder";
import type { StateFacts } from "@/lib/domain/recovery";
import type { RunState } from "@/lib/domain/run";
import { aContext, actionsOf, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { startJob } from "./start-job";

const DAY = 86_400_000;
const MANUAL = { trigger: "manual" } as const;
const DATA: StateFacts = {
  found: "data",
  path: "/state.json",
  bytes: 9,
  modifiedAt: T0,
  summary: null,
};
const leaves = (state: StateFacts) => async () => state;

describe("a start", () => {
  test("queues a run of the job under its locks, audits who asked and why, and wakes the supervisor", async () => {
    const job = aJob({ locks: ["site"], priority: 3 });
    const ctx = aContext({ jobs: [job] });
    const run = await startJob(ctx, job.id, { ...MANUAL, args: ["--all"], reason: "Monday" });
    expect(run).toMatchObject({ state: "queued", actor: "operator", priority: 3, parentRunId: null });
    expect(run).toMatchObject({ lineageId: run.id, queuedAt: T0, spec: { args: ["--all"] } });
    expect(await ctx.findJob(job.id)).toEqual({ job, newest: run });
    expect(await ctx.fencesOf(run.id)).toEqual(
      lockNames(job.id, ["site"]).map((name) => ({ name, fence: 1 })),
    );
    expect(ctx.saved.audits).toMatchObject([
      { actor: "operator", action: "run.start_requested", jobId: job.id, runId: run.id, reason: "Monday" },
    ]);
    expect(ctx.called).toEqual([["nudge"]]);
  });

  test("is refused for a job that does not exist, is disabled or has no command yet", async () => {
    const ctx = aContext({
      jobs: [
        aJob({ id: jobId("off"), enabled: false }),
        aJob({ id: jobId("empty"), argv: PLACEHOLDER_ARGV }),
      ],
    });
    await expectRefusal(ctx, "JOB_NOT_FOUND", () => startJob(ctx, jobId("nobody"), MANUAL));
    await expectRefusal(ctx, "JOB_DISABLED", () => startJob(ctx, jobId("off"), MANUAL));
    await expectRefusal(ctx, "JOB_HAS_NO_COMMAND", () => startJob(ctx, jobId("empty"), MANUAL));
  });

  test.each(["COMMAND_NOT_FOUND", "PATH_NOT_ANSWERING"] as const)(
    "is refused where its command is found to be %s, and queues nothing",
    async (code) => {
      const job = aJob();
      const checkCommand = () => Promise.reject(new AppError(code, "No."));
      const ctx = aContext({ jobs: [job], checkCommand });
      await expectRefusal(ctx, code, () => startJob(ctx, job.id, MANUAL));
    },
  );

  test("is refused while a process outside is behind the job's pid file", async () => {
    const job = aJob({ pidFile: "job.pid" });
    const looked: unknown[] = [];
    const checkPidFile = async (file: JobPidFile | null) => {
      looked.push(file?.path);
      throw new AppError("FOREIGN_PROCESS", "It runs already.");
    };
    const ctx = aContext({ jobs: [job], checkPidFile });
    await expectRefusal(ctx, "FOREIGN_PROCESS", () => startJob(ctx, job.id, MANUAL));
    expect(looked).toEqual(["/job.pid"]);
  });

  test("needs room on the disk, unless nobody is there to hear a refusal", async () => {
    const job = aJob();
    const checkRoom = () => Promise.reject(new AppError("DISK_FULL", "Full."));
    const ctx = aContext({ jobs: [job], checkRoom });
    await expectRefusal(ctx, "DISK_FULL", () => startJob(ctx, job.id, MANUAL));
    const queued = await startJob(ctx, job.id, { trigger: "restart", whenDiskFull: "wait" });
    expect(queued.state).toBe("queued");
  });

  test("drops what its caller no longer wants: the signal reaches the write", async () => {
    const { signal } = new AbortController();
    const job = aJob();
    const ctx = aContext({ jobs: [job], signal });
    const signals: unknown[] = [];
    const enqueueRun: typeof ctx.enqueueRun = (...given) => {
      signals.push(given[4]);
      return ctx.enqueueRun(...given);
    };
    await startJob({ ...ctx, enqueueRun }, job.id, MANUAL);
    expect(signals).toEqual([signal]);
  });
});

describe("a start while a run is in the way", () => {
  test.each<RunState>(["queued", "starting", "running", "stopping"])(
    "is refused beside a run that is %s, and says which",
    async (state) => {
      const active = aRun(state);
      const ctx = aContext({ runs: [active] });
      const { details, message } = await expectRefusal(ctx, "RUN_ALREADY_ACTIVE", () =>
        startJob(ctx, active.jobId, MANUAL),
      );
      expect(details).toMatchObject({ runId: active.id, state });
      expect(message).toContain(`${active.id} is ${state}`);
    },
  );

  test("goes on when that run's process turns out to have ended", async () => {
    const active = aRun("running");
    const ctx = aContext({ runs: [active] });
    const verify = async () => {
      const lost = { type: "lost", cause: "launcher_killed", reason: "Gone.", endedAt: null } as const;
      return (await ctx.applyEvent(active.id, lost)).ok;
    };
    const run = await startJob({ ...ctx, verify }, active.jobId, MANUAL);
    expect(ctx.saved.runs.get(active.id)?.state).toBe("interrupted");
    expect(ctx.saved.jobs.get(active.jobId)?.newest).toBe(run.id);
  });

  test("looks again when the job was changed while its facts were read, and decides on the newer settings", async () => {
    const job = aJob();
    const ctx = aContext({ jobs: [job] });
    let looks = 0;
    const readState = async (): Promise<StateFacts> => {
      looks += 1;
      if (looks === 1)
        await ctx.updateJob(
          job.id,
          1,
          (now) => ({ job: { ...now, argv: ["other"], version: 2 }, secrets: {} }),
          { actor: "late", action: "job.changed" },
        );
      return { found: "none", path: null };
    };
    const run = await startJob({ ...ctx, readState }, job.id, MANUAL);
    expect(looks).toBe(2);
    expect(run.spec.argv).toEqual(["other"]);
  });
});

describe("a start after a run that ended", () => {
  test("goes on from what it left, in its lineage and with its arguments", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended], readState: leaves(DATA) });
    const run = await startJob(ctx, ended.jobId, MANUAL);
    expect(run).toMatchObject({ parentRunId: ended.id, lineageId: ended.lineageId });
    expect(ctx.saved.runs.get(ended.id)).toMatchObject({ state: "interrupted", unsettled: false });
  });

  test("cleans a dead run that is old enough first, by a plan of its own that can be undone", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended], at: T0 + 2 * DAY });
    const run = await startJob(ctx, ended.jobId, MANUAL);
    expect(run.parentRunId).toBeNull();
    expect(ctx.saved.runs.get(ended.id)).toMatchObject({ state: "cleaned", unsettled: false });
    expect([...ctx.saved.plans.values()]).toMatchObject([
      { trigger: "start", state: "applied", appliedBy: "operator", jobs: [ended.jobId] },
    ]);
    expect(ctx.saved.items).toMatchObject([
      { runId: ended.id, action: "clean", result: "done", verdict: "dead" },
    ]);
    expect(actionsOf(ctx)).toEqual(["run.cleaned", "cleanup.applied", "run.start_requested"]);
  });

  test("leaves a young dead run uncleaned and begins anew", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended] });
    expect((await startJob(ctx, ended.jobId, MANUAL)).parentRunId).toBeNull();
    expect(ctx.saved.runs.get(ended.id)?.state).toBe("interrupted");
    expect(ctx.saved.plans.size).toBe(0);
  });

  test("begins anew when that is asked for, whatever is left", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended], readState: leaves(DATA) });
    const run = await startJob(ctx, ended.jobId, { ...MANUAL, mode: "fresh" });
    expect(run).toMatchObject({ parentRunId: null, lineageId: run.id, spec: { fresh: true } });
  });

  test("knows how long the last run's silences usually were", async () => {
    const ended = aRun("completed", { usualGapMs: 1_234 });
    const ctx = aContext({ runs: [ended] });
    expect((await startJob(ctx, ended.jobId, MANUAL)).usualGapMs).toBe(1_234);
  });
});

describe("a resume", () => {
  const RESUME = { trigger: "manual", mode: "resume" } as const;

  test("goes on from the newest run, and says that it was one", async () => {
    const ended = aRun("stopped");
    const ctx = aContext({ runs: [ended], readState: leaves(DATA) });
    const run = await startJob(ctx, ended.jobId, RESUME);
    expect(run).toMatchObject({ trigger: "resume", parentRunId: ended.id });
  });

  test.each<[string, RunState, StateFacts]>([
    ["finished", "completed", DATA],
    ["was cleaned", "cleaned", DATA],
    ["left nothing", "interrupted", { found: "none", path: null }],
    ["left a finished checkpoint", "stopped", { found: "complete", path: "/x", modifiedAt: T0 }],
  ])("is refused after a run that %s", async (_, state, facts) => {
    const ended = aRun(state);
    const ctx = aContext({ runs: [ended], readState: leaves(facts) });
    await expectRefusal(ctx, "NOTHING_TO_RESUME", () => startJob(ctx, ended.jobId, RESUME));
  });

  test("is refused for a job that never ran", async () => {
    const job = aJob();
    const ctx = aContext({ jobs: [job] });
    await expectRefusal(ctx, "NOTHING_TO_RESUME", () => startJob(ctx, job.id, RESUME));
  });

  test("is tried where what is left cannot be judged, because a person asked", async () => {
    const ended = aRun("failed");
    const facts: StateFacts = { found: "unreadable", path: "/x", problem: "permission denied" };
    const ctx = aContext({ runs: [ended], readState: leaves(facts) });
    expect((await startJob(ctx, ended.jobId, RESUME)).parentRunId).toBe(ended.id);
  });
});

test("what a terminal starts by hand goes on from nothing and needs no command of the job's", async () => {
  const ended = aRun("interrupted");
  const job = aJob({ argv: PLACEHOLDER_ARGV });
  const checkCommand = () => Promise.reject(new AppError("COMMAND_NOT_FOUND", "No."));
  const ctx = aContext({ jobs: [job], runs: [ended], readState: leaves(DATA), checkCommand });
  const byHand = { argv: ["vi"], cwd: "/home", caller: null, jobFolder: null };
  const run = await startJob(ctx, job.id, { trigger: "exec", byHand });
  expect(run).toMatchObject({ trigger: "exec", parentRunId: null, spec: { argv: ["vi"], cwd: "/home" } });
  expect(wordsOf(ctx, run.id)).toEqual(["queued"]);
});
