import { expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { AppError } from "@/lib/domain/errors";
import { PLACEHOLDER_ARGV } from "@/lib/domain/placeholder";
import { aContext, actionsOf, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { updateJob } from "./update-job";

const job = aJob({ env: { MODE: "all" } });

test("only what is named changes; the version moves on and the audit names the fields, not their values", async () => {
  const ctx = aContext({ jobs: [job], at: T0 + 9 });
  const changed = await updateJob(ctx, job.id, { version: 1, title: "Weekly", timeouts: { silenceMs: 5 } });
  expect(changed).toEqual({
    ...job,
    title: "Weekly",
    timeouts: { ...job.timeouts, silenceMs: 5 },
    version: 2,
    updatedAt: T0 + 9,
  });
  expect((await ctx.findJob(job.id))?.job).toEqual(changed);
  expect(ctx.saved.audits).toMatchObject([
    { actor: "operator", action: "job.changed", jobId: job.id, details: { fields: ["title", "timeouts"] } },
  ]);
});

test("a run that is active keeps the settings it began with", async () => {
  const running = aRun("running");
  const ctx = aContext({ jobs: [job], runs: [running] });
  await updateJob(ctx, job.id, { version: 1, argv: ["other"] });
  expect(ctx.saved.runs.get(running.id)).toEqual(running);
});

test("a change made for another version is refused with the one there is", async () => {
  const ctx = aContext({ jobs: [{ ...job, version: 4 }] });
  const error = await expectRefusal(ctx, "STALE_VERSION", () =>
    updateJob(ctx, job.id, { version: 3, title: "x" }),
  );
  expect(error.details).toMatchObject({ version: 4 });
});

test("a change that another one overtakes while the command is checked is refused as well", async () => {
  const ctx = aContext({ jobs: [job] });
  const checkCommand = async () => {
    const overtaking = (now: typeof job) => ({ job: { ...now, title: "First", version: 2 }, secrets: {} });
    await ctx.updateJob(job.id, 1, overtaking, { actor: "other", action: "job.changed" });
  };
  const late = updateJob({ ...ctx, checkCommand }, job.id, { version: 1, argv: ["x"] });
  await expect(late).rejects.toMatchObject({ code: "STALE_VERSION" });
  expect(ctx.saved.jobs.get(job.id)?.job).toMatchObject({ title: "First", argv: job.argv });
});

test("there is nothing to change of a job that does not exist", async () => {
  const ctx = aContext();
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => updateJob(ctx, jobId("nobody"), { version: 1 }));
});

test("the command is checked as it will be when it is among the changes, and else left alone", async () => {
  const looked: unknown[] = [];
  const checkCommand = async (spec: unknown) => {
    looked.push(spec);
    throw new AppError("CWD_NOT_FOUND", "No.");
  };
  const ctx = aContext({ jobs: [job], checkCommand });
  for (const change of [{ cwd: "/there" }, { argv: ["x"] }, { env: { A: "1" } }, { envRemove: ["MODE"] }])
    await expectRefusal(ctx, "CWD_NOT_FOUND", () => updateJob(ctx, job.id, { version: 1, ...change }));
  expect(looked).toMatchObject([{ cwd: "/there" }, { argv: ["x"] }, { env: { A: "1" } }, { env: {} }]);
  expect((await updateJob(ctx, job.id, { version: 1, title: "x" })).title).toBe("x");
});

test("a job without a command is not enabled before it has one", async () => {
  const empty = aJob({ argv: PLACEHOLDER_ARGV, enabled: false });
  const ctx = aContext({ jobs: [empty] });
  await expectRefusal(ctx, "JOB_HAS_NO_COMMAND", () =>
    updateJob(ctx, empty.id, { version: 1, enabled: true }),
  );
  expect((await updateJob(ctx, empty.id, { version: 1, title: "Imported" })).title).toBe("Imported");
  const both = await updateJob(ctx, empty.id, { version: 2, enabled: true, argv: ["node"] });
  expect(both.enabled).toBe(true);
});

test("a secret that is not named stays, one that is removed goes, and none is in the audit", async () => {
  const ctx = aContext({ jobs: [job] });
  await updateJob(ctx, job.id, { version: 1, envSecret: { A: "s3cret", B: "t0ken" } });
  const changed = await updateJob(ctx, job.id, { version: 2, envRemove: ["A"] });
  expect(changed.envSecret).toEqual(["B"]);
  expect(ctx.saved.jobs.get(job.id)?.secrets).toEqual({ B: "t0ken" });
  expect(JSON.stringify(ctx.saved.audits)).not.toMatch(/s3cret|t0ken/);
});

test("a dangerous threshold has to be meant", async () => {
  const ctx = aContext({ jobs: [job] });
  await expectRefusal(ctx, "INVALID_INPUT", () =>
    updateJob(ctx, job.id, { version: 1, stuckAfterMs: 1_000 }),
  );
  const meant = { version: 1, stuckAfterMs: 1_000, allowShort: true };
  expect((await updateJob(ctx, job.id, meant)).stuckAfterMs).toBe(1_000);
});

test("switching automatic recovery off calls off the attempt that waits", async () => {
  const armed = aJob({ autoRecover: true });
  const failed = aRun("failed");
  const record = { ...newStreak(armed.id, failed.id, T0), state: "waiting" } as const;
  const ctx = aContext({ jobs: [armed], runs: [failed], recoveries: [record] });
  await updateJob(ctx, armed.id, { version: 1, autoRecover: false });
  expect(await ctx.findRecovery(armed.id)).toBeNull();
  expect(actionsOf(ctx)).toEqual(["job.changed", "recovery.stopped"]);
});
