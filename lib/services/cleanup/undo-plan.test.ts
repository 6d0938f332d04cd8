import { describe, expect, test } from "vitest";
import type { PlanId } from "@/lib/domain/ids";
import { aContext, expectRefusal, wordsOf } from "@/test/a-context";
import { aRun, jobId, T0 } from "@/test/factories";
import { anItem, aPlan } from "@/test/plans";
import { previewUndo, undoPlan } from "./undo-plan";

const alone = aRun("cleaned", { jobId: jobId("alone") });
const followed = aRun("cleaned");
const newer = aRun("running");
const plan = aPlan({ state: "applied" });
const items = [anItem(plan, alone, { result: "done" }), anItem(plan, followed, { result: "done" })];
const given = () => aContext({ runs: [alone, followed, newer], plans: [plan], items, at: T0 + 9 });

describe("an undo", () => {
  test("is shown first, run by run, and changes nothing then", async () => {
    const ctx = given();
    const before = { ...ctx.saved };
    const { counts, items: shown } = await previewUndo(ctx, plan.id);
    expect(counts).toEqual({ stuck: 1, state_only: 1, unchanged: 0 });
    expect(shown.map(({ runId, outcome }) => [runId, outcome])).toEqual([
      [alone.id, "stuck"],
      [followed.id, "state_only"],
    ]);
    expect(ctx.saved).toEqual(before);
  });

  test("puts runs back to a decision, or only to their old state where a newer run has decided", async () => {
    const ctx = given();
    const { plan: undone, counts } = await undoPlan(ctx, plan.id, { reason: "Too early." });
    expect(ctx.saved.runs.get(alone.id)).toMatchObject({ state: "interrupted", unsettled: true });
    expect(ctx.saved.runs.get(followed.id)).toMatchObject({ state: "interrupted", unsettled: false });
    expect(undone).toMatchObject({ state: "undone", undoneAt: T0 + 9 });
    expect(counts).toMatchObject({ undone: 2, done: 0 });
    expect(ctx.saved.audits).toMatchObject([
      { action: "run.clean_undone", runId: alone.id, reason: "Too early.", details: { planId: plan.id } },
      { action: "run.clean_undone", runId: followed.id },
    ]);
    expect(wordsOf(ctx, alone.id)).toEqual(["clean_undone"]);
  });

  test("of some runs leaves the plan as it is for the others", async () => {
    const ctx = given();
    const { plan: after } = await undoPlan(ctx, plan.id, { runs: [alone.id] });
    expect(after.state).toBe("applied");
    expect(ctx.saved.runs.get(followed.id)).toEqual(followed);
    // What was put back before is no mistake.
    expect((await undoPlan(ctx, plan.id, { runs: [alone.id, followed.id] })).plan.state).toBe("undone");
  });

  test("that would do something else than its preview said is refused as a whole", async () => {
    const ctx = given();
    const expected = { stuck: 2, state_only: 0, unchanged: 0 };
    const error = await expectRefusal(ctx, "PLAN_STATE", () => undoPlan(ctx, plan.id, { expected }));
    expect(error.details).toMatchObject({ found: { stuck: 1, state_only: 1, unchanged: 0 } });
    await undoPlan(ctx, plan.id, { expected: { stuck: 1, state_only: 1, unchanged: 0 } });
    expect(ctx.saved.runs.get(alone.id)?.state).toBe("interrupted");
  });

  test("leaves a run that was deleted meanwhile, and its item says so", async () => {
    const ctx = aContext({ runs: [followed], plans: [plan], items });
    await undoPlan(ctx, plan.id, {});
    expect(ctx.saved.items.find(({ runId }) => runId === alone.id)).toMatchObject({
      result: "done",
      detail: expect.stringContaining("deleted"),
    });
    expect(ctx.saved.plans.get(plan.id)?.state).toBe("applied");
  });

  test("is refused for a run that the plan did not clean", async () => {
    const ctx = given();
    await expectRefusal(ctx, "INVALID_INPUT", () => undoPlan(ctx, plan.id, { runs: [newer.id] }));
    await expectRefusal(ctx, "INVALID_INPUT", () => previewUndo(ctx, plan.id, [newer.id]));
  });

  test.each(["ready", "applying", "undone"] as const)("is refused while the plan is %s", async (state) => {
    const other = aPlan({ state });
    const ctx = aContext({ plans: [other] });
    await expectRefusal(ctx, "PLAN_STATE", () => undoPlan(ctx, other.id, {}));
  });

  test("is refused for a deletion and for no plan", async () => {
    const deletion = aPlan({ kind: "delete", state: "applied" });
    const ctx = aContext({ plans: [deletion] });
    await expectRefusal(ctx, "PLAN_STATE", () => undoPlan(ctx, deletion.id, {}));
    await expectRefusal(ctx, "PLAN_NOT_FOUND", () => previewUndo(ctx, "plan_00000000000000000000" as PlanId));
  });
});
