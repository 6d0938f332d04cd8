import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { aContext, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { finishRestart, restartJob } from "./restart-job";

test("a restart stops the run and promises its successor, after the delay that was asked for or the usual one", async () => {
  for (const [delayMs, promised] of [
    [250, 250],
    [undefined, 1_000],
  ]) {
    const running = aRun("running");
    const ctx = aContext({ runs: [running] });
    const run = await restartJob(ctx, running.jobId, { delayMs, reason: "New version." });
    expect(run).toMatchObject({ id: running.id, state: "stopping", cause: "restart" });
    expect(ctx.saved.events[0]).toMatchObject({ type: "restart_requested", data: { delayMs: promised } });
    expect(ctx.saved.audits).toMatchObject([{ action: "run.stop_requested", reason: "New version." }]);
  }
});

test("a job that does not run is simply started", async () => {
  const job = aJob();
  const ctx = aContext({ jobs: [job] });
  expect(await restartJob(ctx, job.id, {})).toMatchObject({ state: "queued", trigger: "restart" });
});

test("a run that still waited is replaced at once", async () => {
  const queued = aRun("queued");
  const ctx = aContext({ runs: [queued] });
  const next = await restartJob(ctx, queued.jobId, {});
  expect(next).toMatchObject({ state: "queued", trigger: "restart" });
  expect(ctx.saved.runs.get(queued.id)).toMatchObject({ state: "stopped", cause: "restart" });
  expect(wordsOf(ctx, queued.id)).toEqual(["restart_requested", "stop_requested", "restarted"]);
});

test("a healthy run is not ended for one that could not start for lack of room", async () => {
  const running = aRun("running");
  const checkRoom = () => Promise.reject(new AppError("DISK_FULL", "Full."));
  const ctx = aContext({ runs: [running], checkRoom });
  await expectRefusal(ctx, "DISK_FULL", () => restartJob(ctx, running.jobId, {}));
});

test("no successor is promised of a run that is being stopped for good, nor of no job", async () => {
  const stopping = aRun("stopping");
  const ctx = aContext({ runs: [stopping] });
  await expectRefusal(ctx, "RUN_ALREADY_ACTIVE", () => restartJob(ctx, stopping.jobId, {}));
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => restartJob(ctx, jobId("nobody"), {}));
});

test("a restart that is called off during its delay starts nothing", async () => {
  const ended = aRun("stopped", { cause: "restart" });
  const events = [{ runId: ended.id, type: "restart_requested", data: { delayMs: 250 } }];
  const ctx = aContext({ runs: [ended], events });
  const waited: number[] = [];
  const wait = async (ms: number) => {
    waited.push(ms);
    await ctx.noteEvent(ended.id, "restart_cancelled", {});
  };
  await finishRestart({ ...ctx, wait }, ended);
  expect(waited).toEqual([250]);
  expect(ctx.saved.runs.size).toBe(1);
});

test.each([
  ["of who asked for the restart, who need not have started the run before", { by: "otto" }, "otto"],
  ["of who started the run before, where an older version did not write down who asked", {}, "anna"],
])("the successor is started in the name %s", async (_, by, actor) => {
  const ended = aRun("stopped", { cause: "restart", actor: "anna" });
  const events = [{ runId: ended.id, type: "restart_requested", data: { delayMs: 0, ...by } }];
  const ctx = aContext({ runs: [ended], events, actor: "system" });
  await finishRestart({ ...ctx, wait: async () => {} }, ended);
  const successor = [...ctx.saved.runs.values()].find(({ id }) => id !== ended.id);
  expect(successor).toMatchObject({ actor, trigger: "restart" });
  expect(ctx.saved.audits.at(-1)).toMatchObject({ actor, action: "run.start_requested" });
});
