import { expect, test } from "vitest";
import { AppError } from "@/lib/domain/errors";
import { strayId } from "@/lib/domain/stray";
import { aContext, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, jobId, T0, WORKER } from "@/test/factories";
import { HOST_INSTANCE } from "@/test/memory/host";
import { aStray } from "@/test/strays";
import { adoptStray } from "./adopt-stray";

const job = aJob({ locks: ["shop"], priority: 3 });
const NOW = T0 + 60_000;

/** A stray of that job, and what else there is. */
function given(stray = aStray(), more: Parameters<typeof aContext>[0] = {}) {
  const findStray: NonNullable<typeof more.findStray> = async ({ pid, startTicks }) =>
    pid === stray.identity.pid && startTicks === stray.identity.startTicks ? stray : null;
  const ctx = aContext({ jobs: [job], at: NOW, findStray, ...more });
  return { ctx, id: strayId(stray), stray };
}

test("an adopted stray is a running run under a new id that holds its job's locks", async () => {
  const { ctx, id, stray } = given();
  const run = await adoptStray(ctx, id, {});
  expect(run).toMatchObject({
    jobId: job.id,
    state: "running",
    trigger: "adopt",
    actor: "operator",
    process: stray.identity,
    priority: 3,
    workerId: WORKER,
    hostInstance: HOST_INSTANCE,
    queuedAt: NOW,
    startedAt: T0,
    parentRunId: null,
  });
  expect(run.id).not.toBe(stray.runId);
  expect(run.lineageId).toBe(run.id);
  expect(run.spec).toMatchObject({ adopted: { run: stray.runId, marker: stray.marker }, parameters: null });
  expect((await ctx.findJob(job.id))?.newest).toEqual(run);
  const held = (await ctx.fencesOf(run.id)).map(({ name }) => name).sort();
  expect(held).toEqual(["job:nightly", "shared:shop"]);
});

test("its history and the audit say what was adopted, by whom and why", async () => {
  const { ctx, id, stray } = given();
  const { id: runId } = await adoptStray(ctx, id, { reason: "It is the right one." });
  expect(wordsOf(ctx, runId)).toEqual(["stray_adopted"]);
  const about = { stray: id, startedAs: stray.runId, pids: [811, 812] };
  expect(ctx.saved.events[0]?.data).toEqual({ ...about, exitWillBeKnown: false, by: "operator" });
  expect(ctx.saved.audits).toMatchObject([
    {
      actor: "operator",
      action: "stray.adopted",
      jobId: job.id,
      runId,
      reason: "It is the right one.",
      details: { ...about, command: "node scrape.mjs" },
    },
  ]);
});

test("it goes on from the run it was started as: its command, its lineage and what it has done so far", async () => {
  const before = aRun("interrupted", {
    spec: { ...aRun().spec, argv: ["python", "old.py"], locks: [] },
    realCwd: "/real",
    logBytes: 500,
    progress: { extracted: 7, skipped: null, total: null, message: null },
    usualGapMs: 40,
  });
  const { ctx, id } = given(aStray({ run: before, runId: before.id }), { runs: [before], jobs: [job] });
  const run = await adoptStray(ctx, id, {});
  expect(run).toMatchObject({
    parentRunId: before.id,
    lineageId: before.lineageId,
    realCwd: "/real",
    logBytes: 500,
    progress: { extracted: 7 },
    usualGapMs: 40,
    spec: { argv: ["python", "old.py"], locks: ["shop"] },
  });
  // What it left behind is no longer to be decided: it goes on.
  expect(ctx.saved.runs.get(before.id)).toEqual({ ...before, unsettled: false });
});

test("a clock that was set back since makes no run that started after it was asked for", async () => {
  const { ctx, id } = given(aStray({ startedAt: NOW + 9_000 }));
  expect((await adoptStray(ctx, id, {})).startedAt).toBe(NOW);
});

test("a stray that has ended meanwhile, or whose number has a new owner, cannot be adopted", async () => {
  const { ctx } = given();
  await expectRefusal(ctx, "STRAY_NOT_FOUND", () => adoptStray(ctx, "812-9999", {}));
});

test("a stray without a job, or whose job has an active run, is refused with what to do first", async () => {
  const unknown = given(aStray({ jobId: null }));
  const error = await expectRefusal(unknown.ctx, "STRAY_REFUSED", () =>
    adoptStray(unknown.ctx, unknown.id, {}),
  );
  expect(error.message).toContain("does not say which job");
  const gone = given(aStray({ jobId: jobId("deleted") }));
  await expectRefusal(gone.ctx, "STRAY_REFUSED", () => adoptStray(gone.ctx, gone.id, {}));
  const active = aRun("running", { jobId: job.id });
  const busy = given(aStray(), { runs: [active] });
  const refused = await expectRefusal(busy.ctx, "STRAY_REFUSED", () => adoptStray(busy.ctx, busy.id, {}));
  expect(refused.details).toMatchObject({ job: job.id, activeRun: active.id });
});

test("one that is being ended cannot be adopted", async () => {
  const { ctx, id } = given(aStray({ ending: true }));
  await expectRefusal(ctx, "STRAY_REFUSED", () => adoptStray(ctx, id, {}));
});

test("a lock that another run holds refuses the adoption whole", async () => {
  const holder = aRun("running", { jobId: jobId("other") });
  const run = { ...holder, spec: { ...holder.spec, locks: ["shop"] } };
  const { ctx, id } = given(aStray(), { runs: [run] });
  const error = await expectRefusal(ctx, "STRAY_REFUSED", () => adoptStray(ctx, id, {}));
  expect(error.details).toMatchObject({ lock: "shared:shop", heldBy: run.id });
});

test("a job that is deleted between the look and the write gets no run", async () => {
  const { ctx, id } = given();
  const findJob: typeof ctx.findJob = async (asked) => {
    const found = await ctx.findJob(asked);
    await ctx.deleteJob(asked, { actor: "other", action: "job.deleted" }, NOW);
    return found;
  };
  await expect(adoptStray({ ...ctx, findJob }, id, {})).rejects.toMatchObject({ code: "STRAY_REFUSED" });
  expect(ctx.saved.runs.size).toBe(0);
});

test("what keeps the supervisor from watching it refuses the adoption", async () => {
  const adoptStrayThere = () => Promise.reject(new AppError("PID_FILE_REFUSED", "No."));
  const { ctx, id } = given(aStray(), { adoptStray: adoptStrayThere });
  await expectRefusal(ctx, "PID_FILE_REFUSED", () => adoptStray(ctx, id, {}));
});

test("the pid file that is checked is the one the job names now", async () => {
  const asked: unknown[] = [];
  const { ctx, id } = given(aStray(), { jobs: [{ ...job, pidFile: "/run/shop.pid" }] });
  const spied: typeof ctx.adoptStray = (stray, pidFile, write) => {
    asked.push(pidFile);
    return ctx.adoptStray(stray, pidFile, write);
  };
  await adoptStray({ ...ctx, adoptStray: spied }, id, {});
  expect(asked).toEqual([{ path: "/run/shop.pid", runAs: null }]);
});
