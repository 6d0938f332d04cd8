import { describe, expect, test } from "vitest";
import type { Run, RunState } from "@/lib/domain/run";
import { aContext } from "@/test/a-context";
import { aJob, aRun, jobId, liveFacts, T0 } from "@/test/factories";
import { checkStuck } from "./check-stuck";

const DAY = 86_400_000;

/** A job with one run; `verdict` is given by what the run says of its progress. */
function stuckRun(job: string, verdict: "dead" | "resumable", state: RunState = "interrupted"): Run {
  const progress = verdict === "dead" ? null : { extracted: 5, skipped: 0, total: null, message: null };
  return aRun(state, { jobId: jobId(job), progress });
}

/** @param cleans the jobs that have their dead runs cleaned */
function given(runs: readonly Run[], cleans: readonly string[] = [], ageMs = 2 * DAY) {
  const ordered: string[][] = [];
  const jobs = cleans.map((id) => aJob({ id: jobId(id), onStuck: "clean" }));
  const ctx = {
    ...aContext({ jobs, runs, at: T0 + ageMs }),
    stopped: () => false,
    cleanByPolicy: async (asked: readonly { readonly id: string }[]) => {
      ordered.push(asked.map(({ id }) => id));
      return asked.map(({ id }) => ({ plan: { id: `plan_${id}` } }));
    },
  };
  return { ctx, ordered, alerts: () => [...ctx.saved.alerts.values()] };
}

describe("E7 the periodic check", () => {
  test("has cleaned what jobs say may be cleaned: dead, interrupted and old enough, and nothing else", async () => {
    const runs = [
      stuckRun("cleans", "dead"),
      stuckRun("cleans-not-resumable", "resumable"),
      stuckRun("cleans-not-failed", "dead", "failed"),
      stuckRun("alerts-only", "dead"),
    ];
    const { ctx, ordered, alerts } = given(runs, ["cleans", "cleans-not-resumable", "cleans-not-failed"]);
    const check = await checkStuck(ctx);
    expect(ordered).toEqual([["cleans"]]);
    expect(check).toMatchObject({ plans: ["plan_cleans"], counts: { dead: 1, resumable: 1 }, found: 2 });
    expect(alerts()).toMatchObject([{ runs: [runs[3]?.id, runs[1]?.id] }]);
    expect(ctx.saved.audits).toMatchObject([
      { actor: "system", action: "stuck.checked", details: { plans: ["plan_cleans"], alert: check?.alert } },
    ]);
    expect(ctx.saved.stuckCheck).toEqual({ at: T0 + 2 * DAY, found: 2 });
  });

  test("leaves the young ones of such a job alone", async () => {
    const { ctx, ordered } = given([stuckRun("cleans", "dead")], ["cleans"], DAY / 2);
    expect(await checkStuck(ctx)).toMatchObject({ plans: [], counts: { dead: 1 } });
    expect(ordered).toEqual([]);
  });

  test("reads every page and keeps what it read", async () => {
    const runs = Array.from({ length: 250 }, (_, n) => stuckRun(`job-${n}`, n % 2 ? "dead" : "resumable"));
    const { ctx, alerts } = given(runs);
    expect(await checkStuck(ctx)).toMatchObject({ counts: { dead: 125, resumable: 125 }, found: 250 });
    const read = [...ctx.saved.runs.values()].filter(({ verdict }) => verdict !== null);
    expect(read).toHaveLength(250);
    expect(alerts()[0]?.title).toBe("250 runs are stuck: 125 resumable, 125 dead");
  });

  test("UX-A2 counts a superseded run as nothing else, raises no alert for it, and cleans it where its job says so", async () => {
    const superseded = [stuckRun("alerts-only", "resumable"), stuckRun("cleans", "dead")];
    const newer = ["alerts-only", "cleans"].map((id) => aRun("completed", { jobId: jobId(id) }));
    const { ctx, ordered, alerts } = given([...superseded, ...newer], ["cleans"]);
    const check = await checkStuck(ctx);
    expect(check).toMatchObject({ counts: { resumable: 0, dead: 0, superseded: 1 }, alert: null });
    expect(ordered).toEqual([["cleans"]]);
    expect(alerts()).toEqual([]);
  });

  test("alerts for active runs that hang or are orphaned, and not for those that wait or are well", async () => {
    const [hung, gone] = [aRun("running", { jobId: jobId("a") }), aRun("running", { jobId: jobId("b") })];
    const waits = aRun("queued", { jobId: jobId("c") });
    const { ctx, alerts } = given([hung, gone, waits]);
    const live = (id: string) =>
      liveFacts({ processAlive: id === hung.id, quietMs: 2 * DAY, ranMs: 2 * DAY });
    const check = await checkStuck({ ...ctx, live });
    expect(check).toMatchObject({ counts: { hung: 1, orphaned: 1, waiting: 1 }, found: 3 });
    expect(alerts()).toMatchObject([{ runs: [hung.id, gone.id] }]);
  });

  test("tells the same runs once, and says how many are new when there is another", async () => {
    const { ctx, alerts } = given([stuckRun("told", "dead")]);
    await checkStuck(ctx);
    await checkStuck(ctx);
    expect(alerts()).toHaveLength(1);
    const another = given([...ctx.saved.runs.values(), stuckRun("new", "dead")]);
    another.ctx.saved.toldRuns = ctx.saved.toldRuns;
    await checkStuck(another.ctx);
    expect(another.alerts()[0]?.detail).toContain("One of them is new");
  });

  test("cleans nothing where no policy may be carried out", async () => {
    const { ctx } = given([stuckRun("cleans", "dead")], ["cleans"]);
    expect(await checkStuck({ ...ctx, cleanByPolicy: null })).toMatchObject({
      plans: [],
      counts: { dead: 1 },
    });
  });

  test("begins anew with the next dashboard when this one goes down", async () => {
    const { ctx } = given([stuckRun("half", "dead")]);
    const before = { ...ctx.saved };
    expect(await checkStuck({ ...ctx, stopped: () => true })).toBeNull();
    expect(ctx.saved).toEqual(before);
  });
});
