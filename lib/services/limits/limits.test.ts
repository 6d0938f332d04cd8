import { expect, test } from "vitest";
import { toRunSpec } from "@/lib/domain/job";
import { startJob } from "@/lib/services/commands/start-job";
import { aContext, actionsOf } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { listLimits } from "./list-limits";
import { removeLimit } from "./remove-limit";
import { setLimit } from "./set-limit";

const shop = aJob({ id: jobId("shop"), tags: ["shops"] });
const other = aJob({ id: jobId("other"), tags: ["shops"] });
const running = aRun("running", { jobId: shop.id, spec: toRunSpec(shop, [], false) });
const given = () => aContext({ jobs: [shop, other], runs: [running] });
const LIMIT = { name: "tag:shops", maxRuns: 1 };
const start = { trigger: "manual" } as const;

test("a limit is set with an audit row, and what waits is asked at once", async () => {
  const ctx = given();
  expect(await setLimit(ctx, LIMIT)).toEqual(LIMIT);
  expect(ctx.saved.limits.get("tag:shops")).toBe(1);
  expect(ctx.saved.audits).toMatchObject([{ actor: "operator", action: "limit.set", details: LIMIT }]);
  expect(ctx.called).toEqual([["nudge"]]);
});

test("it keeps later runs waiting, and is listed with those it counts and those that wait for it", async () => {
  const ctx = given();
  await setLimit(ctx, LIMIT);
  await setLimit(ctx, { name: "worker", maxRuns: 9 });
  await setLimit(ctx, { name: "tag:news", maxRuns: 1 });
  const waits = await startJob(ctx, other.id, start);
  expect(waits.waitingFor).toContain("1 of 1 runs with tag shops");
  expect(await listLimits(ctx)).toMatchObject([
    { name: "worker", maxRuns: 9, active: 1, waiting: [{ id: waits.id }] },
    { name: "tag:news", maxRuns: 1, active: 0, waiting: [] },
    { name: "tag:shops", maxRuns: 1, active: 1, waiting: [{ id: waits.id }] },
  ]);
});

test("lowering it ends nothing, raising it lets the next one go", async () => {
  const ctx = given();
  await setLimit(ctx, LIMIT);
  const waits = await startJob(ctx, other.id, start);
  await setLimit(ctx, { ...LIMIT, maxRuns: 2 });
  expect(ctx.saved.runs.get(waits.id)?.waitingFor).toBeNull();
  await setLimit(ctx, { ...LIMIT, maxRuns: 1 });
  expect(ctx.saved.runs.get(running.id)).toEqual(running);
});

test("a run that waits for a lock does not count as waiting for a limit", async () => {
  const both = [shop, other].map((job) => ({ ...job, locks: ["site"] }));
  const holder = { ...running, spec: { ...running.spec, locks: ["site"] } };
  const ctx = aContext({ jobs: both, runs: [holder] });
  await setLimit(ctx, { ...LIMIT, maxRuns: 5 });
  expect((await startJob(ctx, other.id, start)).waitingFor).toContain("lock site");
  expect(await listLimits(ctx)).toMatchObject([{ name: "tag:shops", waiting: [] }]);
});

test("removing a limit lets what waited for it go; removing one that is not there is no error and no news", async () => {
  const ctx = given();
  await setLimit(ctx, LIMIT);
  const waits = await startJob(ctx, other.id, start);
  await removeLimit(ctx, LIMIT.name);
  expect(ctx.saved.runs.get(waits.id)?.waitingFor).toBeNull();
  const [nudges, actions] = [ctx.called.length, actionsOf(ctx)];
  expect(actions.at(-1)).toBe("limit.removed");
  await removeLimit(ctx, LIMIT.name);
  expect(ctx.called).toHaveLength(nudges);
  expect(actionsOf(ctx)).toEqual(actions);
  expect(await listLimits(ctx)).toEqual([]);
});
