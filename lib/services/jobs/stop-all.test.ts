import { expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { aContext, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { withResolvers } from "@/test/with-resolvers";
import { stopAll } from "./stop-all";

const of = (id: string) => ({ jobId: jobId(id) });

test("every active run is asked to end, in whatever state, with the grace and reason that were given", async () => {
  const [queued, running] = [aRun("queued", of("a")), aRun("running", of("b"))];
  const over = aRun("completed", of("c"));
  const ctx = aContext({ runs: [queued, running, over] });
  const { stopping, refused } = await stopAll(ctx, { graceMs: 500, reason: "Maintenance." });
  expect(stopping.map(({ id, state }) => [id, state])).toEqual([
    [queued.id, "stopped"],
    [running.id, "stopping"],
  ]);
  expect(refused).toEqual([]);
  expect(ctx.saved.runs.get(running.id)?.graceMs).toBe(500);
  expect(ctx.saved.runs.get(over.id)).toEqual(over);
  expect(ctx.saved.audits.map(({ action, reason }) => [action, reason])).toEqual([
    ["run.stop_requested", "Maintenance."],
    ["run.stop_requested", "Maintenance."],
  ]);
});

test("one that ended meanwhile is named, and keeps no other from being stopped", async () => {
  const [ended, running] = [aRun("running", of("a")), aRun("running", of("b"))];
  const ctx = aContext({ runs: [ended, running] });
  const listUnfinished = async () => {
    const all = await ctx.listUnfinished();
    await ctx.applyEvent(ended.id, {
      type: "lost",
      cause: "launcher_killed",
      reason: "Gone.",
      endedAt: null,
    });
    return all;
  };
  const { stopping, refused } = await stopAll({ ...ctx, listUnfinished }, {});
  expect(refused).toEqual([{ runId: ended.id, reason: expect.stringContaining("interrupted") }]);
  expect(stopping.map(({ id }) => id)).toEqual([running.id]);
});

test("several are asked at a time: none waits until the change of another is on disk", async () => {
  const runs = ["a", "b", "c"].map((id) => aRun("running", of(id)));
  const ctx = aContext({ runs });
  let waiting = 0;
  const allWait = withResolvers<void>();
  const applyEvent: typeof ctx.applyEvent = async (...asked) => {
    waiting += 1;
    if (waiting === runs.length) allWait.resolve();
    await allWait.promise;
    return ctx.applyEvent(...asked);
  };
  const { stopping } = await stopAll({ ...ctx, applyEvent }, {});
  expect(stopping.map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
});

test("a database that fails is no refusal: it is the caller's to know", async () => {
  const ctx = aContext({ runs: [aRun("running")] });
  const applyEvent = () => Promise.reject(new TypeError("broken"));
  await expect(stopAll({ ...ctx, applyEvent }, {})).rejects.toThrow("broken");
});

test("restarts, resumes after a shutdown and recoveries that are to come are called off", async () => {
  const restarting = aRun("stopped", { ...of("a"), cause: "restart" });
  const shutDown = aRun("interrupted", { ...of("b"), cause: "shutdown" });
  const failed = aRun("failed", of("c"));
  const ctx = aContext({
    jobs: [aJob({ id: jobId("b"), resumeAfterShutdown: true }), aJob({ id: jobId("c"), autoRecover: true })],
    runs: [restarting, shutDown, failed],
    events: [{ runId: restarting.id, type: "restart_requested", data: { delayMs: 9 } }],
    recoveries: [{ ...newStreak(jobId("c"), failed.id, T0), state: "waiting" }],
  });
  await stopAll(ctx, {});
  expect(wordsOf(ctx, restarting.id)).toContain("restart_cancelled");
  expect(wordsOf(ctx, shutDown.id)).toContain("resume_cancelled");
  expect(ctx.saved.recoveries.get(jobId("c"))?.state).toBe("stopped");
});

test("a restart that was called off before is not called off again", async () => {
  const restarted = aRun("stopped", { cause: "restart" });
  const ctx = aContext({ runs: [restarted] });
  expect(await stopAll(ctx, {})).toEqual({ stopping: [], refused: [] });
  expect(ctx.saved.events).toEqual([]);
});
