import { expect, test } from "vitest";
import type { PlanId } from "@/lib/domain/ids";
import type { PlanItem } from "@/lib/domain/plan";
import { aRun, jobId, T0 } from "@/test/factories";
import { makePlan } from "./make-plan";

test("CR-6.8 the verdicts of many runs are kept a page at a time, and others get their turn between two pages", async () => {
  const runs = Array.from({ length: 1_000 }, () => aRun("interrupted", { jobId: jobId("shop") }));
  let turn = 0;
  let over = false;
  const count = () => {
    turn += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const savedAt: number[] = [];
  let saved = 0;
  await makePlan(
    {
      actor: "operator",
      now: () => T0 + 100 * 3_600_000,
      newPlanId: () => "plan_00000000000000000000" as PlanId,
      live: () => null,
      readState: async () => ({ found: "none", path: null }),
      listUnfinished: async () => [],
      listUnsettled: async (_filter, { before }) => (before === null ? runs.slice(0, 200) : []),
      findRuns: async (ids) => runs.filter(({ id }) => ids.includes(id)),
      saveVerdicts: async (verdicts) => {
        saved += verdicts.length;
        savedAt.push(turn);
      },
      insertPlan: async () => undefined,
    },
    { runs: runs.map(({ id }) => id) },
  );
  over = true;
  expect(saved).toBe(1_000);
  expect(savedAt.length).toBeGreaterThan(1);
  // No two of them in one turn.
  expect(new Set(savedAt).size).toBe(savedAt.length);
});

test("a run that ends while the plan is being made is on it once, as it was seen last", async () => {
  const overdue = aRun("stopping", { jobId: jobId("shop") });
  const ended = { ...aRun("interrupted", { jobId: jobId("shop") }), id: overdue.id };
  const kept: PlanItem[] = [];
  await makePlan(
    {
      actor: "operator",
      now: () => T0 + 100 * 3_600_000,
      newPlanId: () => "plan_00000000000000000000" as PlanId,
      live: () => null,
      readState: async () => ({ found: "none", path: null }),
      listUnfinished: async () => [overdue],
      listUnsettled: async (_filter, { before }) => (before === null ? [ended] : []),
      findRuns: async () => [],
      saveVerdicts: async () => undefined,
      insertPlan: async (_plan, items) => void kept.push(...items),
    },
    {},
  );
  expect(kept.map(({ runId, runState, action }) => ({ runId, runState, action }))).toEqual([
    { runId: overdue.id, runState: "interrupted", action: "clean" },
  ]);
});
