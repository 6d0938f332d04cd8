import { expect } from "vitest";
import { type Job, toRunSpec } from "@/lib/domain/job";
import { readParameters } from "@/lib/domain/parameter-schema";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { Run, RunState } from "@/lib/domain/run";
import { aContext, type Context } from "./a-context";
import { aJob, aRun, T0 } from "./factories";

export const PAGE_18: CheckpointFacts = {
  found: "data",
  path: "/state.json",
  bytes: 12,
  modifiedAt: T0,
  summary: null,
};

export const declared = (properties: object, required: readonly string[] = []) =>
  readParameters({ type: "object", properties, required }).parameters ?? expect.fail("it is refused");

export const SHOP = {
  shop: { type: "string" },
  pages: { type: "integer", default: 3 },
  fast: { type: "boolean", default: false },
  apiKey: { type: "string", format: "password" },
};
export const job = aJob({
  argv: ["crawl", "--shop={{shop}}", "--pages={{pages}}", "{{fast?--fast}}"],
  checkpoint: "state.json",
  resumeAfterShutdown: true,
  parameters: declared(SHOP, ["shop"]),
});
export const KEY = "hunter2-and-more";
const GIVEN = { shop: "north", pages: 7, fast: true, apiKey: KEY };
export const SHOWN = { ...GIVEN, apiKey: true };

/** A run of the job that was given all of it. */
export function given(state: RunState, changes: Partial<Run> = {}, its = job): Run {
  const argv = ["crawl", "--shop=north", "--pages=7", "--fast"];
  const spec = { ...toRunSpec(its, [], false), argv, parameters: SHOWN, parametersSecret: ["apiKey"] };
  return aRun(state, { jobId: its.id, spec, ...changes });
}

export function following(run: Run, its: Job = job, more: Parameters<typeof aContext>[0] = {}) {
  const tables = { runSecrets: new Map([[run.id, { apiKey: KEY }]]) };
  return aContext({ jobs: [its], runs: [run], tables, readState: async () => PAGE_18, ...more });
}

export const newest = async (ctx: Context) => (await ctx.findJob(job.id))?.newest;

export function expectKept(ctx: Context, next: Run | null | undefined, before: Run) {
  expect(next?.id).not.toBe(before.id);
  expect(next?.spec).toMatchObject({
    argv: ["crawl", "--shop=north", "--pages=7", "--fast"],
    parameters: SHOWN,
    parametersSecret: ["apiKey"],
    parametersBefore: { run: before.id, how: "same", changed: [] },
  });
  expect(ctx.saved.runSecrets.get(next?.id ?? before.id)).toEqual({ apiKey: KEY });
}
