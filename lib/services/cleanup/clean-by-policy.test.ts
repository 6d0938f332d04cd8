import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aRun, jobId, T0 } from "@/test/factories";
import { cleanByPolicy } from "./clean-by-policy";

const HOUR_MS = 3_600_000;
const at = T0 + 100 * HOUR_MS;
const interrupted = (job: string) => aRun("interrupted", { jobId: jobId(job) });
const policy = (id: string, hours: number) => ({ id: jobId(id), stuckAfterMs: hours * HOUR_MS });

test("E7 a policy makes and applies one plan for each threshold, also a short one, and says that it was the policy", async () => {
  const ctx = aContext({ runs: ["a", "b", "c"].map(interrupted), at, actor: "system" });
  const jobs = [policy("a", 24), policy("b", 24), policy("c", 2)];
  const applied = await cleanByPolicy(ctx, { jobs });
  expect(applied.map(({ plan }) => plan)).toMatchObject([
    { trigger: "policy", state: "applying", ageMs: 24 * HOUR_MS, jobs: ["a", "b"] },
    { trigger: "policy", state: "applying", ageMs: 2 * HOUR_MS, jobs: ["c"] },
  ]);
  expect(ctx.saved.items.map(({ jobId: job, action }) => [job, action])).toEqual([
    ["a", "clean"],
    ["b", "clean"],
    ["c", "clean"],
  ]);
  expect(ctx.called).toEqual([["nudgePlans"], ["nudgePlans"]]);
});

test("E7 a policy keeps no plan where there is nothing to clean, so that the history stays readable", async () => {
  const progress = { extracted: 5, skipped: 0, total: null, message: null };
  const ctx = aContext({ runs: [aRun("interrupted", { progress })], at });
  expect(await cleanByPolicy(ctx, { jobs: [policy("nightly", 24)] })).toEqual([]);
  expect(ctx.saved.plans.size).toBe(0);
});
