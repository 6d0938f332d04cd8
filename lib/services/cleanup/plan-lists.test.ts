import { expect, test } from "vitest";
import type { PlanId } from "@/lib/domain/ids";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, jobId, T0 } from "@/test/factories";
import { anItem, aPlan } from "@/test/plans";
import { getPlan } from "./get-plan";
import { jobCleanups } from "./job-cleanups";
import { listPlanItems } from "./list-plan-items";
import { listPlans } from "./list-plans";

const NO_PLAN = "plan_00000000000000000000" as PlanId;
const [first, second, third] = [
  aRun("cleaned"),
  aRun("interrupted"),
  aRun("interrupted", { jobId: jobId("other") }),
];
const old = aPlan({ state: "applied" });
const fresh = aPlan();
const deletion = aPlan({ kind: "delete" });
const items = [
  anItem(old, first, { result: "done", at: T0 + 3 }),
  anItem(fresh, second),
  anItem(fresh, third, { result: "kept" }),
];
const given = () => aContext({ runs: [first, second], plans: [old, fresh, deletion], items });

test("a plan is shown with how many of its items stand at which result", async () => {
  const ctx = given();
  expect(await getPlan(ctx, fresh.id)).toMatchObject({
    plan: fresh,
    counts: { planned: 1, kept: 1, done: 0 },
  });
  await expectRefusal(ctx, "PLAN_NOT_FOUND", () => getPlan(ctx, NO_PLAN));
});

test("plans are listed newest first, in pages, of one kind or job or of what a run went through", async () => {
  const ctx = given();
  const page = await listPlans(ctx, { limit: 2 });
  expect(page.items.map(({ plan }) => plan.id)).toEqual([deletion.id, fresh.id]);
  expect(page.nextCursor).toBe(fresh.id);
  const rest = await listPlans(ctx, { limit: 2, cursor: fresh.id });
  expect(rest.items.map(({ plan }) => plan.id)).toEqual([old.id]);
  expect(rest.nextCursor).toBeNull();
  const ids = async (query: object) =>
    (await listPlans(ctx, { limit: 9, ...query })).items.map(({ plan }) => plan.id);
  expect(await ids({ kind: "delete" })).toEqual([deletion.id]);
  expect(await ids({ job: third.jobId })).toEqual([fresh.id]);
  expect(await ids({ run: first.id })).toEqual([old.id]);
  expect(await ids({ run: second.id })).toEqual([]);
});

test("a plan's items are listed by run, in pages, and of one result", async () => {
  const ctx = given();
  const page = await listPlanItems(ctx, fresh.id, { limit: 1 });
  expect(page.items.map(({ runId }) => runId)).toEqual([second.id]);
  expect(page.nextCursor).toBe(second.id);
  const rest = await listPlanItems(ctx, fresh.id, { limit: 1, cursor: second.id });
  expect(rest).toMatchObject({ items: [{ runId: third.id }], nextCursor: null });
  const kept = await listPlanItems(ctx, fresh.id, { limit: 5, result: "kept" });
  expect(kept.items.map(({ runId }) => runId)).toEqual([third.id]);
  await expectRefusal(ctx, "PLAN_NOT_FOUND", () => listPlanItems(ctx, NO_PLAN, { limit: 1 }));
});

test("what was done to a job's runs is counted, with the plans that touched them", async () => {
  const ctx = given();
  const { plans, ...counts } = await jobCleanups(ctx, first.jobId, { limit: 1 });
  expect(counts).toEqual({ job: first.jobId, cleaned: 1, undone: 0, deleted: 0, lastAt: T0 + 3 });
  expect(plans).toMatchObject({ items: [{ plan: { id: fresh.id } }], nextCursor: fresh.id });
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => jobCleanups(ctx, jobId("nobody"), { limit: 1 }));
});
