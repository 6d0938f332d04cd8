import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, jobId, T0 } from "@/test/factories";
import { createJob } from "./create-job";

const INPUT = { id: jobId("new"), argv: ["node", "x.mjs"] };
const HOUR_MS = 3_600_000;

test("a job that says little has defaults for the rest, and is audited", async () => {
  const ctx = aContext({ defaultCwd: "/srv" });
  const job = await createJob(ctx, INPUT);
  expect(job).toMatchObject({ title: "new", cwd: "/srv", enabled: true, version: 1, createdAt: T0 });
  expect(await ctx.findJob(job.id)).toEqual({ job, newest: null });
  expect(ctx.saved.audits).toMatchObject([{ actor: "operator", action: "job.created", jobId: "new" }]);
});

test("secret variables are kept apart: the job has their names alone", async () => {
  const ctx = aContext();
  const job = await createJob(ctx, { ...INPUT, env: { MODE: "all" }, envSecret: { KEY: "s3cret" } });
  expect(job).toMatchObject({ env: { MODE: "all" }, envSecret: ["KEY"] });
  expect(ctx.saved.jobs.get(job.id)?.secrets).toEqual({ KEY: "s3cret" });
  expect(JSON.stringify([job, ctx.saved.audits])).not.toContain("s3cret");
});

test("an id that is taken is refused, and the job there stays as it is", async () => {
  const ctx = aContext({ jobs: [aJob()] });
  await expectRefusal(ctx, "JOB_EXISTS", () => createJob(ctx, { ...INPUT, id: aJob().id }));
});

test("a job that could never start is not made", async () => {
  const checkCommand = () => Promise.reject(new AppError("COMMAND_NOT_FOUND", "No."));
  const ctx = aContext({ checkCommand });
  await expectRefusal(ctx, "COMMAND_NOT_FOUND", () => createJob(ctx, INPUT));
});

test("a threshold that takes slow runs for dead ones has to be meant", async () => {
  const ctx = aContext();
  const short = { ...INPUT, stuckAfterMs: HOUR_MS };
  await expectRefusal(ctx, "INVALID_INPUT", () => createJob(ctx, short));
  expect((await createJob(ctx, { ...short, allowShort: true })).stuckAfterMs).toBe(HOUR_MS);
});

test("variables that cannot be set are refused together, without any value", async () => {
  const ctx = aContext();
  const bad = { ...INPUT, env: { A: "1", B: "2" }, envSecret: { A: "s3cret", B: "s3cret" } };
  const error = await expectRefusal(ctx, "INVALID_INPUT", () => createJob(ctx, bad));
  expect(error.details).toMatchObject({ issues: [{ path: "envSecret.A" }, { path: "envSecret.B" }] });
  expect(JSON.stringify([error.message, error.details])).not.toContain("s3cret");
});
