import { describe, expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { toRunSpec } from "@/lib/domain/job";
import { finishRestart, restartJob } from "@/lib/services/jobs/restart-job";
import { resumeAfterShutdown } from "@/lib/services/jobs/resume-after-shutdown";
import { tryRecovery } from "@/lib/services/recovery/try-recovery";
import { aContext, expectRefusal } from "@/test/a-context";
import { aJob, T0 } from "@/test/factories";
import { expectKept, following, given, job, KEY, newest, PAGE_18 } from "@/test/parameter-runs";
import { startJob } from "./start-job";

describe("a first start", () => {
  const start = (parameters?: Record<string, unknown>) => {
    const ctx = aContext({ jobs: [job] });
    return { ctx, call: () => startJob(ctx, job.id, { trigger: "api", parameters }) };
  };

  test("has what was given, and the defaults of the rest, in its command and in its spec", async () => {
    const { ctx, call } = start({ shop: "north", apiKey: KEY });
    const { spec, id } = await call();
    expect(spec).toMatchObject({
      argv: ["crawl", "--shop=north", "--pages=3"],
      args: [],
      parameters: { shop: "north", pages: 3, fast: false, apiKey: true },
      parametersSecret: ["apiKey"],
      parametersBefore: null,
    });
    expect(ctx.saved.runSecrets.get(id)).toEqual({ apiKey: KEY });
  });

  test("says in the audit what was given, without secrets; they are nowhere else either", async () => {
    const { ctx, call } = start({ shop: "n".repeat(300), apiKey: KEY });
    await call();
    expect(ctx.saved.audits).toMatchObject([
      { details: { parameters: { shop: "n".repeat(200), pages: 3, apiKey: true } } },
    ]);
    const { runSecrets, ...rest } = ctx.saved;
    const all = JSON.stringify(
      [...Object.values(rest)].map((table) => (table instanceof Map ? [...table] : table)),
    );
    expect(all).toContain("n".repeat(200));
    expect(all).not.toContain(KEY);
  });

  test("is refused without what is required, with one issue for each problem", async () => {
    const { ctx, call } = start({ pages: "7", colour: "red" });
    const error = await expectRefusal(ctx, "PARAMETERS_REFUSED", call);
    expect(error.details).toEqual({
      job: job.id,
      issues: [
        { path: "colour", message: "is no parameter of this job; it has shop, pages, fast, apiKey" },
        { path: "shop", message: "is required" },
        { path: "pages", message: "expected a whole number, found a string" },
      ],
    });
    expect(error.message).toContain("shop is required; pages: expected a whole number");
    await expectRefusal(ctx, "PARAMETERS_REFUSED", () => startJob(ctx, job.id, { trigger: "manual" }));
  });

  test("of a job that declares none is refused with any", async () => {
    const plain = aJob();
    const ctx = aContext({ jobs: [plain] });
    const call = () => startJob(ctx, plain.id, { trigger: "api", parameters: { shop: "a" } });
    await expectRefusal(ctx, "PARAMETERS_REFUSED", call);
    const { spec } = await startJob(ctx, plain.id, { trigger: "api", parameters: {} });
    expect(spec).toMatchObject({ argv: plain.argv, parameters: {}, parametersBefore: null });
  });

  test("is refused where a value would be taken for an option", async () => {
    const bare = { ...job, argv: ["crawl", "{{shop}}"] };
    const ctx = aContext({ jobs: [bare] });
    const call = () =>
      startJob(ctx, job.id, { trigger: "api", parameters: { shop: "--output=/etc/passwd" } });
    const error = await expectRefusal(ctx, "PARAMETERS_REFUSED", call);
    expect(error.message).toContain('shop: expected text that does not begin with "-"');
  });

  test("has free arguments of an admin behind all that, as they are", async () => {
    const ctx = aContext({ jobs: [job] });
    const asked = { trigger: "api", args: ["{{shop}}"], parameters: { shop: "north" } } as const;
    const { spec } = await startJob(ctx, job.id, asked);
    expect(spec).toMatchObject({
      argv: ["crawl", "--shop=north", "--pages=3", "{{shop}}"],
      args: ["{{shop}}"],
    });
  });
});

describe("a run that goes on from another keeps its parameters, secrets too", () => {
  test.each(["auto", "resume"] as const)("when it is started with mode %s", async (mode) => {
    const before = given("failed");
    const ctx = following(before);
    const next = await startJob(ctx, job.id, { trigger: "api", mode });
    expect(next.parentRunId).toBe(before.id);
    expectKept(ctx, next, before);
  });

  test("when equal values are given", async () => {
    const before = given("failed");
    const ctx = following(before);
    const parameters = { apiKey: KEY, pages: 7 };
    expectKept(ctx, await startJob(ctx, job.id, { trigger: "api", mode: "resume", parameters }), before);
  });

  test("when it resumes after a shutdown, also from the beginning", async () => {
    for (const readState of [async () => PAGE_18, async () => ({ found: "none", path: null }) as const]) {
      const before = given("interrupted", { cause: "shutdown" });
      const ctx = following(before, job, { readState });
      await resumeAfterShutdown(ctx, before);
      expectKept(ctx, await newest(ctx), before);
    }
  });

  test("when it is recovered, also from the beginning", async () => {
    const before = given("failed");
    const recoveries = [{ ...newStreak(job.id, before.id, T0), state: "waiting" } as const];
    const ctx = following(before, job, {
      recoveries,
      readState: async () => ({ found: "none", path: null }),
    });
    await tryRecovery(ctx, job.id);
    expect(await newest(ctx)).toMatchObject({ trigger: "recovery", parentRunId: null });
    expectKept(ctx, await newest(ctx), before);
  });

  test("when it is a restart, of a run that was stopped for it or that had completed", async () => {
    const before = given("stopped", { cause: "restart" });
    const ctx = following(before);
    await ctx.noteEvent(before.id, "restart_requested", { delayMs: 0 });
    await finishRestart({ ...ctx, wait: async () => {} }, before);
    expectKept(ctx, await newest(ctx), before);
    const over = given("completed");
    const other = following(over);
    expectKept(other, await restartJob(other, job.id, {}), over);
  });
});

describe("other values for a run that goes on", () => {
  test.each([
    [{ shop: "south" }, "stopped half-way with shop=north"],
    [{ pages: 8 }, "with pages=7"],
    [{ apiKey: "another-key" }, "with another apiKey"],
    [{ shop: "south", fast: false }, "with shop=north, fast=true"],
  ])("%j are refused", async (parameters, words) => {
    for (const mode of ["auto", "resume"] as const) {
      const before = given("failed");
      const ctx = following(before);
      const call = () => startJob(ctx, job.id, { trigger: "api", mode, parameters });
      const error = await expectRefusal(ctx, "PARAMETERS_DIFFER", call);
      expect(error.message).toContain(words);
      expect(error.message).not.toContain(KEY);
      expect(error.details).toEqual({ job: job.id, runId: before.id, differ: Object.keys(parameters) });
    }
  });

  test("are taken by one that starts over, and said to have changed", async () => {
    const before = given("failed");
    const ctx = following(before);
    const parameters = { shop: "south", pages: 7, apiKey: "another-key" };
    const { spec, id } = await startJob(ctx, job.id, { trigger: "api", mode: "fresh", parameters });
    expect(spec).toMatchObject({
      argv: ["crawl", "--shop=south", "--pages=7"],
      parameters: { shop: "south", pages: 7, fast: false, apiKey: true },
      parametersBefore: { run: before.id, how: "changed", changed: ["shop", "fast", "apiKey"] },
    });
    expect(ctx.saved.runSecrets.get(id)).toEqual({ apiKey: "another-key" });
  });

  test("start over without any keeps none: what is required has to be given", async () => {
    const ctx = following(given("failed"));
    const call = () => startJob(ctx, job.id, { trigger: "api", mode: "fresh" });
    await expectRefusal(ctx, "PARAMETERS_REFUSED", call);
  });
});

test("a secret that cannot be opened is refused in words, and starting over needs none", async () => {
  const before = given("failed");
  const ctx = following(before, job, { secretParameters: async () => ({ apiKey: null }) });
  const call = () => startJob(ctx, job.id, { trigger: "api", mode: "resume" });
  const error = await expectRefusal(ctx, "SECRET_UNREADABLE", call);
  expect(error.message).toContain(`The value of apiKey that run ${before.id} was given`);
  const asked = { trigger: "api", mode: "fresh", parameters: { shop: "a" } } as const;
  expect((await startJob(ctx, job.id, asked)).spec.parametersSecret).toEqual([]);
});

test("of a run of an earlier version nothing is known: it goes on with what is given now", async () => {
  const before = given("failed", { spec: { ...toRunSpec(job, [], false), parameters: null } });
  const ctx = following(before);
  const start = (parameters?: Record<string, unknown>) =>
    startJob(ctx, job.id, { trigger: "api", mode: "resume", parameters });
  await expectRefusal(ctx, "PARAMETERS_REFUSED", () => start());
  expect((await start({ shop: "a" })).spec).toMatchObject({
    parameters: { shop: "a", pages: 3, fast: false },
    parametersBefore: { run: before.id, how: "unknown", changed: [] },
  });
});

test("a run by hand is given none", async () => {
  const ctx = aContext({ jobs: [job] });
  const byHand = { argv: ["crawl"], cwd: "/", caller: null, jobFolder: null };
  const { spec } = await startJob(ctx, job.id, { trigger: "exec", byHand });
  expect(spec).toMatchObject({ argv: ["crawl"], parameters: null, parametersSecret: [] });
});
