import { describe, expect, test } from "vitest";
import { newStreak } from "@/lib/domain/auto-recovery";
import { toHandSpec, toRunSpec } from "@/lib/domain/job";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { Run, RunState } from "@/lib/domain/run";
import { kindOf } from "@/lib/kinds/kinds";
import { startJob } from "@/lib/services/commands/start-job";
import { tryRecovery } from "@/lib/services/recovery/try-recovery";
import { aContext, type Context } from "@/test/a-context";
import { aJob, aRun, T0 } from "@/test/factories";
import { finishRestart, restartJob } from "./restart-job";
import { resumeAfterShutdown } from "./resume-after-shutdown";

const SHOES = ["--category", "shoes", ""];
const PAGE_18: CheckpointFacts = {
  found: "data",
  path: "/state.json",
  bytes: 12,
  modifiedAt: T0,
  summary: null,
};
const job = aJob({ argv: ["python", "shop.py"], checkpoint: "state.json", resumeAfterShutdown: true });

/** A job whose newest run was given arguments and left a checkpoint. */
function afterShoes(state: RunState, changes: Partial<Run> = {}, its = job) {
  const given = aRun(state, { jobId: its.id, spec: toRunSpec(its, SHOES, false), ...changes });
  return { given, ctx: aContext({ jobs: [its], runs: [given], readState: async () => PAGE_18 }) };
}

async function newest(ctx: Context, id = job.id): Promise<Run | null | undefined> {
  return (await ctx.findJob(id))?.newest;
}

function expectKept(next: Run | null | undefined, given: Run) {
  expect(next?.id).not.toBe(given.id);
  expect(next?.spec.argv).toEqual(["python", "shop.py", ...SHOES]);
  expect(next?.spec).toMatchObject({ args: SHOES, argsBefore: { run: given.id, how: "same" } });
}

describe("FR-F2 a run that goes on from another keeps its arguments", () => {
  test.each(["auto", "resume"] as const)("when it is started with mode %s", async (mode) => {
    const { ctx, given } = afterShoes("failed");
    const next = await startJob(ctx, job.id, { trigger: "api", mode });
    expect(next.parentRunId).toBe(given.id);
    expectKept(next, given);
  });

  test("when it resumes after a shutdown", async () => {
    const { ctx, given } = afterShoes("interrupted", { cause: "shutdown" });
    await resumeAfterShutdown(ctx, given);
    expectKept(await newest(ctx), given);
  });

  test("when it resumes after a shutdown and has nothing to go on from, so that it begins anew", async () => {
    const bare = aJob({ argv: ["python", "shop.py"], resumeAfterShutdown: true });
    const given = aRun("interrupted", {
      jobId: bare.id,
      spec: toRunSpec(bare, SHOES, false),
      cause: "shutdown",
    });
    const ctx = aContext({ jobs: [bare], runs: [given] });
    await resumeAfterShutdown(ctx, given);
    expect(await newest(ctx)).toMatchObject({ trigger: "resume", parentRunId: null });
    expectKept(await newest(ctx), given);
  });

  test("when it is recovered, also from the beginning", async () => {
    const given = aRun("failed", { spec: toRunSpec(job, SHOES, false) });
    const record = { ...newStreak(job.id, given.id, T0), state: "waiting" } as const;
    const ctx = aContext({ jobs: [job], runs: [given], recoveries: [record] });
    await tryRecovery(ctx, job.id);
    expect(await newest(ctx)).toMatchObject({ trigger: "recovery", parentRunId: null });
    expectKept(await newest(ctx), given);
  });

  test("when it is a restart, of a run that was stopped for it or that had completed", async () => {
    const { ctx, given } = afterShoes("stopped", { cause: "restart" });
    await ctx.noteEvent(given.id, "restart_requested", { delayMs: 0 });
    await finishRestart({ ...ctx, wait: async () => {} }, given);
    expectKept(await newest(ctx), given);
    const over = afterShoes("completed");
    expectKept(await restartJob(over.ctx, job.id, {}), over.given);
  });

  test("and the job's own argv is the one it has by then", async () => {
    const given = aRun("failed", { spec: toRunSpec(job, SHOES, false) });
    const changed = { ...job, argv: ["python3", "shop.py"] };
    const ctx = aContext({ jobs: [changed], runs: [given], readState: async () => PAGE_18 });
    const next = await startJob(ctx, job.id, { trigger: "api", mode: "resume" });
    expect(next.spec.argv).toEqual(["python3", "shop.py", ...SHOES]);
  });
});

describe("FR-F2 arguments that are asked for", () => {
  test.each([[["--category", "hats"]], [[]]])(
    "replace those of the run before, and say so: %j",
    async (args) => {
      const { ctx, given } = afterShoes("failed");
      const { spec } = await startJob(ctx, job.id, { trigger: "api", mode: "resume", args });
      expect(spec.argv).toEqual(["python", "shop.py", ...args]);
      expect(spec).toMatchObject({ args, argsBefore: { run: given.id, how: "changed" } });
    },
  );

  test.each([
    ["fresh", "failed"],
    ["auto", "completed"],
  ] as const)("are none in a start with mode %s after a run that %s", async (mode, state) => {
    const { ctx, given } = afterShoes(state);
    const { spec } = await startJob(ctx, job.id, { trigger: "api", mode });
    expect(spec.argv).toEqual(["python", "shop.py"]);
    expect(spec).toMatchObject({ args: [], argsBefore: { run: given.id, how: "changed" } });
  });
});

describe("FR-F2 the arguments of a run that an earlier version started", () => {
  const resumed = async (before: Partial<Run>, its = job) => {
    const { ctx } = afterShoes("failed", before, its);
    return (await startJob(ctx, its.id, { trigger: "api", mode: "resume" })).spec;
  };
  const old = (its = job) => ({ ...toRunSpec(its, SHOES, false), args: null, argsBefore: null });

  test("are what its command line has beyond its job's", async () => {
    expect(await resumed({ spec: old() })).toMatchObject({ args: SHOES, argsBefore: { how: "same" } });
  });

  test("are found behind the JOBDIR that was put into a Scrapy call", async () => {
    const scrapy = aJob({ kind: "scrapy", argv: ["scrapy", "crawl"] });
    const place = { lineageFolder: "/lineage", parent: null };
    const spec = kindOf("scrapy").prepare(old(scrapy), place);
    expect(spec.argv).toContain("JOBDIR=/lineage/jobdir");
    expect(await resumed({ spec }, scrapy)).toMatchObject({ args: SHOES, argsBefore: { how: "same" } });
  });

  test("are said to be unknown where its job had another command then, or another system ran it", async () => {
    const unknown = { args: [], argsBefore: { how: "unknown" } };
    expect(await resumed({ spec: { ...old(), argv: ["perl", "shop.pl", "shoes"] } })).toMatchObject(unknown);
    const imported = { source: "cron", externalId: "7" };
    expect(await resumed({ spec: old(), imported })).toMatchObject(unknown);
  });

  test("are those of the terminal where it was started by hand", async () => {
    const spec = toHandSpec(job, {
      argv: ["python", "shop.py", "by-hand"],
      cwd: "/",
      caller: null,
      jobFolder: null,
    });
    expect(await resumed({ spec })).toMatchObject({ args: ["by-hand"] });
  });
});
