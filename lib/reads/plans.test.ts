import { expect, test } from "vitest";
import { JobCleanupsView, PlanItemPage, PlanPage, PlanView } from "@/lib/contracts/cleanup";
import type { PlanId } from "@/lib/domain/ids";
import { aContext, expectRefusal } from "@/test/a-context";
import { expectAsPromised } from "@/test/as-promised";
import { aRun, jobId, T0 } from "@/test/factories";
import { anItem, aPlan } from "@/test/plans";
import { readJobCleanups, readPlan, readPlanItems, readPlans } from "./plans";

const [first, second] = [aRun("interrupted"), aRun("cleaned")];
const older = aPlan({ kind: "delete", jobs: [first.jobId], ageMs: null });
const plan = aPlan({ state: "applied", ageMs: 5_400_000, appliedAt: T0 + 1, finishedAt: T0 + 2 });
const items = [
  anItem(plan, first, { result: "skipped", detail: "It was resumed." }),
  anItem(plan, second, { result: "done", ageMs: 5_000.4, at: T0 + 2 }),
];
const given = () => aContext({ runs: [first, second], plans: [older, plan], items });

test("a plan is shown with its threshold in hours, its times as instants and what became of its items", async () => {
  const view = await readPlan(plan.id, given());
  expectAsPromised(PlanView, view);
  expect(view).toMatchObject({
    ageHours: 1.5,
    appliedAt: "2026-01-01T00:00:00.001Z",
    undoneAt: null,
    counts: { planned: 0, skipped: 1, done: 1 },
  });
  expect((await readPlan(older.id, given())).ageHours).toBeNull();
});

test("plans are listed newest first, page by page", async () => {
  const page = await readPlans({ limit: 1 }, given());
  expectAsPromised(PlanPage, page);
  expect(page.items.map(({ id }) => id)).toEqual([plan.id]);
  const rest = await readPlans({ limit: 1, cursor: page.nextCursor ?? expect.fail() }, given());
  expect(rest).toMatchObject({ items: [{ id: older.id }], nextCursor: null });
});

test("the items of a plan say what was found, what was done and why not", async () => {
  const page = await readPlanItems(plan.id, { limit: 9 }, given());
  expectAsPromised(PlanItemPage, page);
  const about = (run: string) => page.items.find((item) => item.run === run);
  expect(about(first.id)).toMatchObject({ result: "skipped", detail: "It was resumed.", at: null });
  expect(about(second.id)).toMatchObject({ result: "done", ageMs: 5_000, at: "2026-01-01T00:00:00.002Z" });
});

test("a job says what clean-ups have done to its runs, and by which plans", async () => {
  const view = await readJobCleanups(first.jobId, { limit: 9 }, given());
  expectAsPromised(JobCleanupsView, view);
  expect(view).toMatchObject({ job: "nightly", lastAt: "2026-01-01T00:00:00.002Z" });
  expect(view.plans.items.map(({ id }) => id)).toContain(plan.id);
});

test("nothing is shown of a plan or a job that does not exist", async () => {
  const ctx = given();
  const unknown = "plan_0" as PlanId;
  await expectRefusal(ctx, "PLAN_NOT_FOUND", () => readPlan(unknown, ctx));
  await expectRefusal(ctx, "PLAN_NOT_FOUND", () => readPlanItems(unknown, { limit: 9 }, ctx));
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => readJobCleanups(jobId("unknown"), { limit: 9 }, ctx));
});
