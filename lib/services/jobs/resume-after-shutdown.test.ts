import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import type { StateFacts } from "@/lib/domain/recovery";
import { aContext, wordsOf } from "@/test/a-context";
import { aJob, aRun, T0 } from "@/test/factories";
import { resumeAfterShutdown } from "./resume-after-shutdown";

const job = aJob({ resumeAfterShutdown: true });
const ended = aRun("interrupted", { cause: "shutdown" });
const DATA: StateFacts = { found: "data", path: "/state.json", bytes: 9, modifiedAt: T0, summary: null };
const given = { jobs: [job], runs: [ended], readState: async () => DATA };

test("what a shutdown ended goes on from its checkpoint, once, and says why", async () => {
  const ctx = aContext(given);
  await resumeAfterShutdown(ctx, ended);
  await resumeAfterShutdown(ctx, ended);
  const { newest } = (await ctx.findJob(job.id)) ?? {};
  expect(newest).toMatchObject({ trigger: "resume", parentRunId: ended.id });
  expect(ctx.saved.audits).toMatchObject([{ reason: `${ended.id} was stopped by a shutdown.` }]);
  expect(wordsOf(ctx, ended.id)).toEqual(["resumed"]);
});

test("a job that does not want that stays as it is", async () => {
  const ctx = aContext({ ...given, jobs: [aJob()] });
  await resumeAfterShutdown(ctx, ended);
  expect(ctx.saved.runs.size).toBe(1);
  expect(ctx.saved.events).toEqual([]);
});

test("a start that is refused is noted with its reason, and not tried again", async () => {
  const checkCommand = () => Promise.reject(new AppError("COMMAND_NOT_FOUND", "node is gone."));
  const ctx = aContext({ ...given, checkCommand });
  await resumeAfterShutdown(ctx, ended);
  await resumeAfterShutdown(ctx, ended);
  expect(ctx.saved.events).toMatchObject([
    { type: "resume_failed", data: { code: "COMMAND_NOT_FOUND", reason: "node is gone." } },
  ]);
});

test("what passes is still to be done", async () => {
  const checkRoom = () => Promise.reject(new AppError("DISK_FULL", "Full."));
  const ctx = aContext({ ...given, checkRoom });
  await expect(resumeAfterShutdown(ctx, ended)).rejects.toMatchObject({ code: "DISK_FULL" });
  expect(ctx.saved.events).toEqual([]);
});
