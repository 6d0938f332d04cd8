import { expect, test } from "vitest";
import { aContext, expectRefusal } from "@/test/a-context";
import { aRun, runId } from "@/test/factories";
import { runUsage } from "./run-usage";

const run = aRun("running");
const began = run.startedAt ?? 0;
const point = (s: number, cpuMs: number) => ({
  runId: run.id,
  at: began + s * 1_000,
  cpuMs,
  memoryBytes: 10,
  processes: 2,
});
const usage = [point(10, 5_000), point(20, 15_000), point(30, 15_000)];

test("the share of a core is that between two points, the first one since the start", async () => {
  const ctx = aContext({ runs: [run], tables: { usage } });
  const { points, memoryLimit } = await runUsage(ctx, run.id);
  expect(points.map(({ cpuPercent }) => cpuPercent)).toEqual([50, 100, 0]);
  expect(points[0]).toMatchObject({ at: began + 10_000, memoryBytes: 10, processes: 2 });
  expect(memoryLimit).toBeNull();
});

test("from where memory begins its finer points stand instead of what was saved", async () => {
  const fine = { at: began + 20_000, cpuPercent: 42, memoryBytes: 9, processes: 1 };
  const ctx = aContext({ runs: [run], tables: { usage }, recentUsage: () => [fine] });
  const { points } = await runUsage(ctx, run.id);
  expect(points.map(({ at, cpuPercent }) => [at - began, cpuPercent])).toEqual([
    [10_000, 50],
    [20_000, 42],
  ]);
});

test("a memory limit is shown as it was really applied, and why not by the kernel", async () => {
  const applied = (data: object) =>
    aContext({ runs: [run], events: [{ runId: run.id, type: "limits_applied", data: { ...data } }] });
  const byCgroup = applied({ memory: "cgroup", memoryBytes: 512 });
  expect((await runUsage(byCgroup, run.id)).memoryLimit).toEqual({ bytes: 512, by: "cgroup", why: null });
  const byRlimit = applied({ memory: "rlimit", memoryBytes: 512, why: "no cgroups here" });
  expect((await runUsage(byRlimit, run.id)).memoryLimit).toEqual({
    bytes: 512,
    by: "rlimit",
    why: "no cgroups here",
  });
  expect((await runUsage(applied({ memory: null }), run.id)).memoryLimit).toBeNull();
});

test("there is no usage of a run that does not exist", async () => {
  const ctx = aContext();
  await expectRefusal(ctx, "RUN_NOT_FOUND", () => runUsage(ctx, runId("run_00000000000000000000")));
});
