import { describe, expect, test } from "vitest";
import type { PlanId } from "@/lib/domain/ids";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, T0 } from "@/test/factories";
import { anApplyingPlan, anItem, aPlan } from "@/test/plans";
import { abortPlan } from "./abort-plan";
import { applyDeletion } from "./apply-deletion";
import { applyPlan } from "./apply-plan";

const DAY = 86_400_000;
const NO_PLAN = "plan_00000000000000000000" as PlanId;
const dead = aRun("interrupted");
const deletion = aPlan({ kind: "delete", jobs: [dead.jobId] });

describe("applying a clean-up", () => {
  test("begins at once and goes on in the background; who applied it and why is kept", async () => {
    const plan = aPlan();
    const ctx = aContext({ plans: [plan], items: [anItem(plan, dead)], at: T0 + 5, actor: "anna" });
    const applied = await applyPlan(ctx, plan.id, { reason: "All dead." });
    expect(applied).toMatchObject({ counts: { planned: 1 } });
    expect(applied.plan).toEqual({
      ...plan,
      state: "applying",
      appliedBy: "anna",
      appliedAt: T0 + 5,
      reason: "All dead.",
    });
    expect(ctx.called).toEqual([["nudgePlans"]]);
    expect(ctx.saved.audits).toMatchObject([
      { actor: "anna", action: "cleanup.apply_requested", reason: "All dead.", details: { planId: plan.id } },
    ]);
  });

  test("without a reason keeps the one it was made with", async () => {
    const plan = aPlan({ reason: "Old." });
    expect((await applyPlan(aContext({ plans: [plan] }), plan.id, {})).plan.reason).toBe("Old.");
  });

  test.each(["applying", "applied", "aborted", "undone"] as const)(
    "is refused when it is %s already",
    async (state) => {
      const plan = aPlan({ state });
      const ctx = aContext({ plans: [plan] });
      await expectRefusal(ctx, "PLAN_STATE", () => applyPlan(ctx, plan.id, {}));
    },
  );

  test("is refused for one that is too old, for a deletion, and for none", async () => {
    const old = aPlan({ createdAt: T0 - 2 * DAY });
    const ctx = aContext({ plans: [old, deletion] });
    await expectRefusal(ctx, "PLAN_STATE", () => applyPlan(ctx, old.id, {}));
    await expectRefusal(ctx, "PLAN_STATE", () => applyPlan(ctx, deletion.id, {}));
    await expectRefusal(ctx, "PLAN_NOT_FOUND", () => applyPlan(ctx, NO_PLAN, {}));
  });
});

describe("applying a deletion", () => {
  test("begins only when the job's id was typed", async () => {
    const ctx = aContext({ plans: [deletion] });
    const wrong = await expectRefusal(ctx, "NOT_CONFIRMED", () =>
      applyDeletion(ctx, deletion.id, { confirm: "night" }),
    );
    expect(wrong.message).toContain('found "night"');
    const { plan } = await applyDeletion(ctx, deletion.id, { confirm: dead.jobId, reason: "Space." });
    expect(plan).toMatchObject({ state: "applying", reason: "Space." });
    expect(ctx.saved.audits).toMatchObject([{ action: "delete.apply_requested" }]);
    expect(ctx.called).toEqual([["nudgePlans"]]);
  });

  test("is refused for a clean-up, for what was applied already, and for none", async () => {
    const [cleanup, done] = [aPlan(), { ...deletion, id: aPlan().id, state: "applied" } as const];
    const ctx = aContext({ plans: [cleanup, done] });
    const confirm = dead.jobId;
    await expectRefusal(ctx, "PLAN_STATE", () => applyDeletion(ctx, cleanup.id, { confirm }));
    await expectRefusal(ctx, "PLAN_STATE", () => applyDeletion(ctx, done.id, { confirm }));
    await expectRefusal(ctx, "PLAN_NOT_FOUND", () => applyDeletion(ctx, NO_PLAN, { confirm }));
  });
});

describe("aborting a plan", () => {
  test("stops it where it is: what is done stays done, and the rest is not touched", async () => {
    const plan = anApplyingPlan();
    const items = [anItem(plan, dead, { result: "done" }), anItem(plan, aRun("interrupted"))];
    const ctx = aContext({ plans: [plan], items, at: T0 + 7 });
    const { plan: aborted, counts } = await abortPlan(ctx, plan.id);
    expect(aborted).toMatchObject({ state: "aborted", finishedAt: T0 + 7 });
    expect(counts).toMatchObject({ done: 1, planned: 1 });
    expect(ctx.saved.items).toEqual(items);
    expect(ctx.saved.audits).toMatchObject([{ action: "plan.aborted", details: { planId: plan.id } }]);
  });

  test("throws one away that was not applied yet", async () => {
    const plan = aPlan();
    expect((await abortPlan(aContext({ plans: [plan] }), plan.id)).plan.state).toBe("aborted");
  });

  test("is refused when nothing is left to abort, and for no plan", async () => {
    const plan = aPlan({ state: "applied" });
    const ctx = aContext({ plans: [plan] });
    await expectRefusal(ctx, "PLAN_STATE", () => abortPlan(ctx, plan.id));
    await expectRefusal(ctx, "PLAN_NOT_FOUND", () => abortPlan(ctx, NO_PLAN));
  });
});
