import { expect, test } from "vitest";
import type { RunState } from "@/lib/domain/run";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, jobId } from "@/test/factories";
import { deleteJob } from "./delete-job";

test("a deleted job is gone at once, with an audit row, and its rows go in the background", async () => {
  const ended = aRun("completed");
  const ctx = aContext({ runs: [ended] });
  await deleteJob(ctx, ended.jobId);
  expect(await ctx.findJob(ended.jobId)).toBeNull();
  expect(ctx.saved.audits).toMatchObject([{ actor: "operator", action: "job.deleted", jobId: ended.jobId }]);
  expect(ctx.called).toEqual([["finishDeletions"]]);
});

test.each<RunState>(["queued", "running", "stopping"])("a job is kept while its run is %s", async (state) => {
  const active = aRun(state);
  const ctx = aContext({ runs: [active] });
  const error = await expectRefusal(ctx, "JOB_ACTIVE", () => deleteJob(ctx, active.jobId));
  expect(error.details).toMatchObject({ runId: active.id });
});

test("there is nothing to delete of a job that does not exist", async () => {
  const ctx = aContext();
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => deleteJob(ctx, jobId("nobody")));
});
