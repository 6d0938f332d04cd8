import { describe, expect, test } from "vitest";
import type { StateFacts } from "@/lib/domain/recovery";
import type { RunState } from "@/lib/domain/run";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, aRun, jobId, liveFacts, runId, T0 } from "@/test/factories";
import { makePlan } from "./make-plan";

const HOUR = 3_600_000;
const LATER = T0 + 100 * HOUR;
const DATA: StateFacts = { found: "data", path: "/s", bytes: 9, modifiedAt: T0, summary: null };
const actions = ({ items }: Awaited<ReturnType<typeof makePlan>>) =>
  items.map((item) => [item.runId, item.action, item.result]);

describe("a plan for a clean-up", () => {
  test("cleans what is dead and old enough, changes no run, and is kept with its audit row", async () => {
    const [dead, young] = [aRun("interrupted"), aRun("interrupted", { startedAt: LATER - HOUR })];
    const ctx = aContext({ runs: [dead, young], at: LATER });
    const made = await makePlan(ctx, { reason: "Monday." });
    expect(actions(made)).toEqual([[dead.id, "clean", "planned"]]);
    expect(made.plan).toMatchObject({ kind: "cleanup", state: "ready", ageMs: 24 * HOUR, actor: "operator" });
    expect(ctx.saved.plans.get(made.plan.id)).toEqual(made.plan);
    expect(ctx.saved.items).toEqual(made.items);
    expect(ctx.saved.runs.get(dead.id)).toMatchObject({ state: "interrupted", version: dead.version });
    expect(ctx.saved.audits).toMatchObject([
      {
        action: "cleanup.planned",
        reason: "Monday.",
        details: { planId: made.plan.id, planned: 1, ticked: 0 },
      },
    ]);
  });

  test("keeps what may be resumed, unless exactly that run is selected, of whatever age", async () => {
    const run = aRun("interrupted", { startedAt: LATER - 1 });
    const ctx = aContext({ runs: [run], at: LATER, readState: async () => DATA });
    expect(actions(await makePlan(ctx, { ageHours: 0, allowShort: true }))).toEqual([
      [run.id, "keep", "kept"],
    ]);
    const ticked = await makePlan(ctx, { runs: [run.id, run.id] });
    expect(actions(ticked)).toEqual([[run.id, "clean", "planned"]]);
    expect(ticked.plan).toMatchObject({ ageMs: null, runs: [run.id] });
  });

  test.each<RunState>(["completed", "stopped", "failed", "timed_out", "cleaned", "queued"])(
    "never cleans a run that is %s, and says why",
    async (state) => {
      const run = aRun(state);
      const ctx = aContext({ runs: [run], at: LATER });
      const { items } = await makePlan(ctx, { runs: [run.id] });
      expect(items).toMatchObject([{ action: "keep", result: "kept", why: expect.stringMatching(/\w/) }]);
    },
  );

  test("cleans an active run only when its process is seen to be gone", async () => {
    const run = aRun("running");
    for (const [processAlive, action] of [
      [true, "keep"],
      [false, "clean"],
    ] as const) {
      const live = () => liveFacts({ processAlive, quietMs: 100 * HOUR, ranMs: 100 * HOUR });
      const { items } = await makePlan(aContext({ runs: [run], at: LATER, live }), {});
      expect(items).toMatchObject([{ runId: run.id, action }]);
    }
  });

  test("is only about the jobs and tags that were asked for", async () => {
    const [a, b] = [aRun("interrupted", { jobId: jobId("a") }), aRun("interrupted", { jobId: jobId("b") })];
    const jobs = [aJob({ id: jobId("a") }), aJob({ id: jobId("b"), tags: ["shops"] })];
    const ctx = aContext({ jobs, runs: [a, b], at: LATER });
    const runs = async (asked: object) =>
      (await makePlan(ctx, { dryRun: true, ...asked })).items.map((item) => item.runId);
    expect(await runs({ jobs: [jobId("a")] })).toEqual([a.id]);
    expect(await runs({ tags: ["shops"] })).toEqual([b.id]);
    expect(await runs({})).toEqual([a.id, b.id]);
  });

  test("keeps what was read of each checkpoint, so that the counts are right without another look", async () => {
    const run = aRun("interrupted");
    const ctx = aContext({ runs: [run], at: LATER });
    await makePlan(ctx, {});
    expect(ctx.saved.runs.get(run.id)).toMatchObject({ verdict: "dead", verdictAt: LATER });
  });

  test("writes nothing at all as a dry run", async () => {
    const ctx = aContext({ runs: [aRun("interrupted")], at: LATER });
    const before = { ...ctx.saved };
    expect((await makePlan(ctx, { dryRun: true })).counts.planned).toBe(1);
    expect(ctx.saved).toEqual(before);
  });

  test("is refused for a threshold at which slow runs look dead, and for a run there is not", async () => {
    const ctx = aContext({ runs: [aRun("interrupted")], at: LATER });
    const error = await expectRefusal(ctx, "INVALID_INPUT", () => makePlan(ctx, { ageHours: 1 }));
    expect(error.details).toMatchObject({ needs: "allowShort" });
    const none = runId("run_00000000000000000000");
    await expectRefusal(ctx, "RUN_NOT_FOUND", () => makePlan(ctx, { runs: [none] }));
  });
});

test("CR-6.8 the verdicts of many runs are kept a page at a time, and others get their turn between two pages", async () => {
  const runs = Array.from({ length: 1_000 }, () => aRun("interrupted"));
  const ctx = aContext({ runs, at: LATER });
  let turn = 0;
  let over = false;
  const count = () => {
    turn += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const savedAt: number[] = [];
  let saved = 0;
  const saveVerdicts: typeof ctx.saveVerdicts = async (verdicts) => {
    saved += verdicts.length;
    savedAt.push(turn);
  };
  await makePlan({ ...ctx, saveVerdicts }, { runs: runs.map(({ id }) => id) });
  over = true;
  expect(saved).toBe(1_000);
  expect(savedAt.length).toBeGreaterThan(1);
  // No two of them in one turn.
  expect(new Set(savedAt).size).toBe(savedAt.length);
});

test("a run that ends while the plan is being made is on it once, as it was seen last", async () => {
  const overdue = aRun("stopping");
  const ended = { ...aRun("interrupted"), id: overdue.id };
  const ctx = aContext({ runs: [ended], at: LATER, listUnfinished: async () => [overdue] });
  const { items } = await makePlan(ctx, {});
  expect(items).toMatchObject([{ runId: overdue.id, runState: "interrupted", action: "clean" }]);
});
