import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, jobId, T0 } from "@/test/factories";
import { makeDeletionPlan } from "./make-deletion-plan";

const HOUR = 3_600_000;
const LATER = T0 + 100 * HOUR;
const [old, failed, newest] = [aRun("completed"), aRun("failed"), aRun("stopped")];
const given = () => aContext({ runs: [old, failed, newest], at: LATER });
const asked = { job: old.jobId, olderThanHours: 24 };

test("a deletion is planned for runs that ended long enough ago; the newest and what is undecided stay", async () => {
  const ctx = given();
  const { plan, items } = await makeDeletionPlan(ctx, { ...asked, reason: "Space." });
  expect(items.map(({ runId, action, result }) => [runId, action, result])).toEqual([
    [old.id, "delete", "planned"],
    [failed.id, "keep", "kept"],
    [newest.id, "keep", "kept"],
  ]);
  expect(plan).toMatchObject({ kind: "delete", state: "ready", jobs: [old.jobId], ageMs: 24 * HOUR });
  expect(ctx.saved.items).toEqual(items);
  expect(ctx.saved.runs.size).toBe(3);
  expect(ctx.saved.audits).toMatchObject([{ action: "delete.planned", jobId: old.jobId, reason: "Space." }]);
});

test("what ended since, or ended otherwise than was asked for, is not on it", async () => {
  const ctx = given();
  expect((await makeDeletionPlan(ctx, { ...asked, olderThanHours: 200 })).items).toEqual([]);
  const { items, plan } = await makeDeletionPlan(ctx, { ...asked, states: ["completed"] });
  expect(items.map(({ runId }) => runId)).toEqual([old.id]);
  expect(plan.states).toEqual(["completed"]);
});

test("all pages of a long history are on it", async () => {
  const runs = Array.from({ length: 95 }, () => aRun("completed"));
  const { counts } = await makeDeletionPlan(aContext({ runs, at: LATER }), asked);
  expect(counts).toMatchObject({ planned: 94, kept: 1 });
});

test("a dry run writes nothing", async () => {
  const ctx = given();
  const before = { ...ctx.saved };
  await makeDeletionPlan(ctx, { ...asked, dryRun: true });
  expect(ctx.saved).toEqual(before);
});

test("it is refused for no job and for a state that no run ends in", async () => {
  const ctx = given();
  await expectRefusal(ctx, "JOB_NOT_FOUND", () => makeDeletionPlan(ctx, { ...asked, job: jobId("nobody") }));
  await expectRefusal(ctx, "INVALID_INPUT", () => makeDeletionPlan(ctx, { ...asked, states: ["running"] }));
});
