import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { StateFacts } from "@/lib/domain/recovery";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { precheckJob } from "./precheck-job";

const DAY = 86_400_000;
const DATA: StateFacts = { found: "data", path: "/state.json", bytes: 9, modifiedAt: T0, summary: null };
const reads = (state: StateFacts) => async () => state;

describe("the pre-start check", () => {
  test("lets a job start that never ran", async () => {
    const ctx = aContext({ jobs: [aJob()] });
    expect(await precheckJob(ctx, aJob().id)).toMatchObject({ precheck: "start", run: null, ageMs: DAY });
  });

  test("says to wait for a run that is alive, with the locks it holds", async () => {
    const running = aRun("running");
    const ctx = aContext({ runs: [running] });
    const answer = await precheckJob(ctx, running.jobId);
    expect(answer).toMatchObject({ precheck: "wait", run: { run: { id: running.id } } });
    expect(JSON.stringify(answer.evidence)).toContain("job:nightly");
  });

  test("says to go on from what an interrupted run left, and from what", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended], readState: reads(DATA) });
    const answer = await precheckJob(ctx, ended.jobId);
    expect(answer.precheck).toBe("resume");
    expect(answer.reason).toContain("checkpoint state.json");
  });

  test("says that a dead run is cleaned from the age that is asked for, else the job's own", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended], at: T0 + DAY / 2 });
    expect(await precheckJob(ctx, ended.jobId)).toMatchObject({ precheck: "start", ageMs: DAY });
    expect(await precheckJob(ctx, ended.jobId, DAY / 4)).toMatchObject({
      precheck: "cleanup",
      ageMs: DAY / 4,
    });
  });

  test("changes nothing, whatever it says", async () => {
    const ended = aRun("interrupted");
    const ctx = aContext({ runs: [ended], at: T0 + 2 * DAY });
    const before = { ...ctx.saved };
    expect((await precheckJob(ctx, ended.jobId)).precheck).toBe("cleanup");
    expect(ctx.saved).toEqual(before);
    expect(ctx.called).toEqual([]);
  });

  test("is refused for a job that does not exist", async () => {
    const ctx = aContext();
    await expectRefusal(ctx, "JOB_NOT_FOUND", () => precheckJob(ctx, jobId("nobody")));
  });
});

describe("it says to wait for what is outside", () => {
  const job = aJob({ pidFile: "job.pid", checkpoint: "state.json" });
  const ended = aRun("stopped");
  const process = {
    identity: { pid: 77, startTicks: 5 },
    command: "node x.mjs",
    startedAt: T0,
    certain: true,
    doubt: null,
  } as const;
  const hung = () => Promise.reject(new AppError("PATH_NOT_ANSWERING", "/srv does not answer."));

  test.each([
    [
      "a process behind the pid file",
      { seePidFile: async () => ({ found: "foreign", process }) as const },
      "process 77",
    ],
    [
      "a process in the checkpoint",
      { stateHolder: async () => ({ pid: 78, command: "scrapy" }) },
      "Process 78",
    ],
    ["a folder that does not answer", { checkCommand: hung }, "/srv does not answer"],
    [
      "a checkpoint that does not answer",
      { readState: reads({ found: "unanswered", path: "/state.json", problem: "does not answer" }) },
      "does not answer",
    ],
  ])("%s", async (_, ports, says) => {
    const ctx = aContext({ jobs: [job], runs: [ended], ...ports });
    const answer = await precheckJob(ctx, job.id);
    expect(answer.precheck).toBe("wait");
    expect(answer.reason).toContain(says);
    expect(answer.evidence).toContainEqual({ fact: "in the way", value: answer.reason, at: null });
  });

  test("but not for a program that is not there: that is the start's to say", async () => {
    const checkCommand = () => Promise.reject(new AppError("COMMAND_NOT_FOUND", "No."));
    const ctx = aContext({ jobs: [job], checkCommand });
    expect((await precheckJob(ctx, job.id)).precheck).toBe("start");
  });

  test("nor for the program of its own run in its own checkpoint", async () => {
    const running = aRun("running");
    const stateHolder = async () => ({ pid: 4_001, command: "node" });
    const ctx = aContext({ jobs: [job], runs: [running], stateHolder });
    expect((await precheckJob(ctx, job.id)).reason).not.toContain("Process 4001");
  });
});
