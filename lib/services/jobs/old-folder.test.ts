import { expect, test } from "vitest";
import { toRunSpec } from "@/lib/domain/job";
import type { CheckpointFacts } from "@/lib/domain/recovery";
import type { RunState } from "@/lib/domain/run";
import { inRealFolder } from "@/lib/kinds/kinds";
import { aJob, aRun, T0 } from "@/test/factories";
import { context } from "@/test/starts";
import { precheckJob } from "./precheck-job";
import { startJob } from "./start-job";

const job = aJob({ cwd: "/srv/current", checkpoint: "state.json" });
const ELSEWHERE: CheckpointFacts = {
  found: "elsewhere",
  path: "/srv/current/state.json",
  oldFolder: "/srv/releases/1",
  newFolder: "/srv/releases/2",
  there: { found: "data", path: "/srv/releases/1/state.json", bytes: 12, modifiedAt: T0, summary: "page 18" },
};

function after(state: RunState, left: CheckpointFacts = ELSEWHERE, its = job) {
  const worked = aRun(state, {
    jobId: its.id,
    spec: toRunSpec(its, ["--shoes"], false),
    realCwd: "/srv/releases/1",
  });
  return { worked, ...context(worked, {}, its, left) };
}

test("FR-F17 a resume in the new folder is refused with both folders and what to do; in the old one it goes on there", async () => {
  const { ctx, worked, runs } = after("interrupted");
  await expect(startJob(ctx, job.id, { trigger: "api", mode: "resume" })).rejects.toMatchObject({
    code: "NOTHING_TO_RESUME",
    message: expect.stringMatching(/\/srv\/releases\/1\..*\/srv\/releases\/2.*folder: "old"/),
  });
  expect(runs).toHaveLength(1);
  const looked: unknown[] = [];
  const checkCommand = async (spec: unknown) => void looked.push(spec);
  const next = await startJob({ ...ctx, checkCommand }, job.id, {
    trigger: "api",
    mode: "resume",
    folder: "old",
  });
  expect(looked).toEqual([expect.objectContaining({ cwd: "/srv/releases/1" })]);
  expect(next).toMatchObject({ parentRunId: worked.id, lineageId: worked.lineageId, realCwd: null });
  // It stays a run of the job's folder, so a later one is judged by that again.
  expect(next.spec).toMatchObject({ cwd: "/srv/current", oldFolder: "/srv/releases/1", args: ["--shoes"] });
});

test("FR-F17 a start that only does what the check says begins anew in the new folder, cleans nothing and says so", async () => {
  const { ctx, runs } = after("interrupted");
  const check = await precheckJob(
    {
      ...ctx,
      live: () => null,
      seePidFile: async () => ({ found: "none" }),
      fencesOf: async () => [],
      stateHolder: async () => null,
    } as unknown as Parameters<typeof precheckJob>[0],
    job.id,
  );
  expect(check).toMatchObject({ precheck: "start", run: { recovery: { oldFolder: "/srv/releases/1" } } });
  expect(check.reason).toContain("Resume it in the old folder");
  const next = await startJob(ctx, job.id, { trigger: "api" });
  expect(next).toMatchObject({ parentRunId: null, spec: { oldFolder: null } });
  expect(runs).toHaveLength(2);
});

test("FR-F17 the old folder is refused where the checkpoint is where a new run looks anyway", async () => {
  const here: CheckpointFacts = {
    found: "data",
    path: "/srv/current/state.json",
    bytes: 12,
    modifiedAt: T0,
    summary: null,
  };
  const { ctx } = after("interrupted", here);
  await expect(
    startJob(ctx, job.id, { trigger: "api", mode: "resume", folder: "old" }),
  ).rejects.toMatchObject({ code: "NOTHING_TO_RESUME" });
});

test.each([
  ["scrapy", ["scrapy", "crawl", "books"], "crawls/books"],
  ["crawlee", ["node", "main.js"], "storage"],
] as const)(
  "FR-F17 a %s job is told of its state by the real folder it is launched in, also when it goes on",
  async (kind, argv, checkpoint) => {
    const crawl = aJob({ kind, argv, cwd: "/srv/current", checkpoint });
    const there = { ...ELSEWHERE, path: `/srv/current/${checkpoint}` } as CheckpointFacts;
    const { ctx } = after("interrupted", there, crawl);
    const next = await startJob(ctx, crawl.id, { trigger: "api", mode: "resume", folder: "old" });
    const launched = inRealFolder(next.spec, next.spec.oldFolder ?? "");
    const told = JSON.stringify([launched.argv, launched.env]);
    expect(launched.cwd).toBe("/srv/releases/1");
    expect(told).toContain(`/srv/releases/1/${checkpoint}`);
    expect(told).not.toContain("/srv/current");
  },
);

test("FR-F17 a path that is absolute stays as the job says it, link or not", () => {
  const crawl = aJob({ kind: "crawlee", cwd: "/srv/current", checkpoint: "/srv/current/storage" });
  const spec = { ...toRunSpec(crawl, [], false), env: { CRAWLEE_STORAGE_DIR: "/srv/current/storage" } };
  expect(inRealFolder(spec, "/srv/releases/1")).toMatchObject({
    cwd: "/srv/releases/1",
    checkpoint: "/srv/current/storage",
    env: { CRAWLEE_STORAGE_DIR: "/srv/current/storage" },
  });
});
