import { expect, test } from "vitest";
import { T0 } from "@/test/factories";
import type { PlanId } from "./ids";
import { PLAN_STATES, type Plan, type PlanState } from "./plan";
import { abortRefusal, applyRefusal, PLAN_VALID_MS, undoRefusal } from "./plan-state";

function aPlan(state: PlanState, changes: Partial<Plan> = {}): Plan {
  return {
    id: "plan_00000000000000000000" as PlanId,
    kind: "cleanup",
    state,
    trigger: "manual",
    actor: "operator",
    ageMs: null,
    jobs: [],
    tags: [],
    runs: [],
    states: [],
    reason: null,
    appliedBy: null,
    createdAt: T0,
    appliedAt: null,
    finishedAt: null,
    undoneAt: null,
    ...changes,
  };
}

const allowed = (refusal: (plan: Plan) => unknown) =>
  PLAN_STATES.filter((state) => refusal(aPlan(state)) === null);

test("a plan is applied once, aborted before it is done, and undone when it is not under way", () => {
  expect(allowed((plan) => applyRefusal(plan, "cleanup", T0))).toEqual(["ready"]);
  expect(allowed(abortRefusal)).toEqual(["ready", "applying"]);
  expect(allowed(undoRefusal)).toEqual(["applied", "aborted"]);
});

test("every refusal is a PLAN_STATE that says what to do", () => {
  for (const state of PLAN_STATES.filter((one) => one !== "ready"))
    expect(applyRefusal(aPlan(state), "cleanup", T0)).toMatchObject({
      code: "PLAN_STATE",
      message: expect.stringMatching(/Make a new one|abort it/),
    });
});

test("a plan is good for a day", () => {
  expect(applyRefusal(aPlan("ready"), "cleanup", T0 + PLAN_VALID_MS)).toBeNull();
  expect(applyRefusal(aPlan("ready"), "cleanup", T0 + PLAN_VALID_MS + 1)?.message).toMatch(/1 d old/);
});

test("a deletion is not applied as a clean-up, nor the other way, and never undone", () => {
  expect(applyRefusal(aPlan("ready", { kind: "delete" }), "cleanup", T0)?.message).toMatch(/deletion\/plans/);
  expect(applyRefusal(aPlan("ready"), "delete", T0)?.message).toMatch(/cleanup\/plans/);
  expect(undoRefusal(aPlan("applied", { kind: "delete" }))?.message).toMatch(/cannot be undone/);
});
