import { describe, expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { type Job, toRunSpec } from "@/lib/domain/job";
import { readParameters } from "@/lib/domain/parameter-schema";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { Run, RunState } from "@/lib/domain/run";
import { finishRestart, restartJob } from "@/lib/services/jobs/restart-job";
import { resumeAfterShutdown } from "@/lib/services/jobs/resume-after-shutdown";
import { tryRecovery } from "@/lib/services/recovery/try-recovery";
import { aContext, type Context, expectRefusal, wordsOf } from "@/test/a-context";
import { aJob, aRun, T0 } from "@/test/factories";
import { startJob } from "./start-job";

const PAGE_18: CheckpointFacts = {
  found: "data",
  path: "/state.json",
  bytes: 12,
  modifiedAt: T0,
  summary: null,
};

const declared = (properties: object, required: readonly string[] = []) =>
  readParameters({ type: "object", properties, required }).parameters ?? expect.fail("it is refused");

const SHOP = {
  shop: { type: "string" },
  pages: { type: "integer", default: 3 },
  fast: { type: "boolean", default: false },
  apiKey: { type: "string", format: "password" },
};
const job = aJob({
  argv: ["crawl", "--shop={{shop}}", "--pages={{pages}}", "{{fast?--fast}}"],
  checkpoint: "state.json",
  resumeAfterShutdown: true,
  parameters: declared(SHOP, ["shop"]),
});
const KEY = "hunter2-and-more";
const GIVEN = { shop: "north", pages: 7, fast: true, apiKey: KEY };
const SHOWN = { ...GIVEN, apiKey: true };

/** A run of the job that was given all of it. */
function given(state: RunState, changes: Partial<Run> = {}, its = job): Run {
  const argv = ["crawl", "--shop=north", "--pages=7", "--fast"];
  const spec = { ...toRunSpec(its, [], false), argv, parameters: SHOWN, parametersSecret: ["apiKey"] };
  return aRun(state, { jobId: its.id, spec, ...changes });
}

function following(run: Run, its: Job = job, more: Parameters<typeof aContext>[0] = {}) {
  const tables = { runSecrets: new Map([[run.id, { apiKey: KEY }]]) };
  return aContext({ jobs: [its], runs: [run], tables, readState: async () => PAGE_18, ...more });
}

const newest = async (ctx: Context) => (await ctx.findJob(job.id))?.newest;

function expectKept(ctx: Context, next: Run | null | undefined, before: Run) {
  expect(next?.id).not.toBe(before.id);
  expect(next?.spec).toMatchObject({
    argv: ["crawl", "--shop=north", "--pages=7", "--fast"],
    parameters: SHOWN,
    parametersSecret: ["apiKey"],
    parametersBefore: { run: before.id, how: "same", changed: [] },
  });
  expect(ctx.saved.runSecrets.get(next?.id ?? before.id)).toEqual({ apiKey: KEY });
}

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

describe("where the job declares something else by now", () => {
  const declaring = (properties: object, required: readonly string[] = []) => ({
    ...job,
    argv: ["crawl"],
    parameters: declared(properties, required),
  });
  const resumed = (its: Job, parameters?: Record<string, unknown>) => {
    const ctx = following(given("failed"), its);
    return { ctx, call: () => startJob(ctx, job.id, { trigger: "api", mode: "resume", parameters }) };
  };

  test.each([
    [{ pages: SHOP.pages, fast: SHOP.fast, apiKey: SHOP.apiKey }, "shop is no parameter of this job"],
    [{ ...SHOP, pages: { type: "integer", maximum: 5 } }, "pages: expected at most 5, found 7"],
    [{ ...SHOP, shop: { type: "string", enum: ["south"] } }, 'shop: expected one of "south", found "north"'],
    [{ ...SHOP, apiKey: { type: "string" } }, "apiKey was given as a password, and is none any more"],
    [
      { ...SHOP, apiKey: { type: "string", enum: ["a"] } },
      "apiKey was given as a password, and is none any more",
    ],
    [{ ...SHOP, apiKey: { type: "string", format: "date" } }, "apiKey was given as a password"],
    [{ ...SHOP, apiKey: { type: "integer" } }, "apiKey was given as a password"],
  ])("what does not fit %j any more is refused", async (properties, words) => {
    const { ctx, call } = resumed(declaring(properties));
    const error = await expectRefusal(ctx, "PARAMETERS_REFUSED", call);
    expect(error.message).toContain("does not fit what job");
    expect(error.message).toContain(words);
    expect(error.message + JSON.stringify(error.details)).not.toContain(KEY);
  });

  test("a password that is none any more is told neither where another value is given", async () => {
    const { ctx, call } = resumed(declaring({ ...SHOP, apiKey: { type: "string" } }), { apiKey: "a" });
    const error = await expectRefusal(ctx, "PARAMETERS_DIFFER", call);
    expect(error.message).toContain("with another apiKey");
    expect(error.message + JSON.stringify(error.details)).not.toContain(KEY);
  });

  test("a new default is taken, and a place in the command without a value is left out", async () => {
    const its = declaring({ ...SHOP, depth: { type: "integer", default: 2 }, note: { type: "string" } });
    const { call } = resumed({ ...its, argv: ["crawl", "--depth={{depth}}", "--note={{note}}"] });
    expect((await call()).spec).toMatchObject({
      argv: ["crawl", "--depth=2"],
      parameters: { ...SHOWN, depth: 2 },
    });
  });

  test("what is required only since can be given to a run that goes on", async () => {
    const its = declaring({ ...SHOP, region: { type: "string" } }, ["region"]);
    await expectRefusal(resumed(its).ctx, "PARAMETERS_REFUSED", resumed(its).call);
    expect((await resumed(its, { region: "eu" }).call()).spec.parameters).toEqual({ ...SHOWN, region: "eu" });
    const optional = resumed(declaring({ ...SHOP, region: { type: "string" } }), { region: "eu" });
    await expectRefusal(optional.ctx, "PARAMETERS_DIFFER", optional.call);
  });

  test("a value that has become a password is sealed from the next run on", async () => {
    const { ctx, call } = resumed(declaring({ ...SHOP, shop: { type: "string", format: "password" } }));
    const { spec, id } = await call();
    expect(spec).toMatchObject({ parameters: { shop: true }, parametersSecret: ["shop", "apiKey"] });
    expect(ctx.saved.runSecrets.get(id)).toEqual({ shop: "north", apiKey: KEY });
  });

  test("recovery does not start it and says why", async () => {
    const before = given("failed");
    const recoveries = [{ ...newStreak(job.id, before.id, T0), state: "waiting" } as const];
    const its = declaring({ pages: SHOP.pages });
    const ctx = following(before, its, { recoveries });
    await tryRecovery(ctx, job.id);
    expect((await newest(ctx))?.id).toBe(before.id);
    const { reason } = (await ctx.findRecovery(job.id)) ?? {};
    expect(reason).toContain("It could not be started: What run");
    expect(reason).toContain("shop is no parameter of this job");
  });

  test("a restart leaves a run alone that could not be followed by another", async () => {
    const before = given("running");
    const ctx = following(before, declaring({ pages: SHOP.pages }));
    await expectRefusal(ctx, "PARAMETERS_REFUSED", () => restartJob(ctx, job.id, {}));
    expect(wordsOf(ctx, before.id)).toEqual([]);
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
