import { describe, expect, it } from "vitest";
import type { PlanView } from "@/lib/contracts/cleanup";
import { planInNumbers, planScope } from "./plan-words";

const NONE = { planned: 0, kept: 0, done: 0, skipped: 0, failed: 0, undone: 0 };
const plan = (over: Partial<PlanView>): PlanView => ({
  id: "plan_00000000000000000000",
  kind: "cleanup",
  state: "ready",
  trigger: "manual",
  actor: "operator",
  ageHours: 24,
  jobs: [],
  tags: [],
  runs: [],
  reason: null,
  counts: NONE,
  createdAt: "2026-01-01T00:00:00.000Z",
  appliedAt: null,
  finishedAt: null,
  undoneAt: null,
  ...over,
});

describe("planInNumbers", () => {
  it.each<[Partial<PlanView>, string]>([
    [{}, "no runs"],
    [{ counts: { ...NONE, planned: 3, kept: 2 } }, "3 to clean, 2 kept"],
    [{ counts: { ...NONE, done: 2, skipped: 1, undone: 1 } }, "2 cleaned, 1 skipped, 1 undone"],
    [{ state: "aborted", counts: { ...NONE, planned: 3, done: 2 } }, "3 not reached, 2 cleaned"],
    [{ kind: "delete", counts: { ...NONE, planned: 9 } }, "9 to delete"],
    [{ kind: "delete", counts: { ...NONE, done: 9 } }, "9 deleted"],
  ])("says what is planned and what was done", (over, words) =>
    expect(planInNumbers(plan(over))).toBe(words),
  );
});

describe("planScope", () => {
  it.each<[Partial<PlanView>, string]>([
    [{}, "runs older than 24 h, all jobs"],
    [{ jobs: ["shop"], tags: ["retail"] }, "runs older than 24 h of shop, tagged retail"],
    [{ ageHours: null }, "runs of any age, all jobs"],
    [{ ageHours: null, runs: ["run_1", "run_2"] }, "2 runs selected by hand"],
    [{ runs: ["run_1"] }, "1 run selected by hand"],
  ])("says which runs it was made for", (over, words) => expect(planScope(plan(over))).toBe(words));
});
