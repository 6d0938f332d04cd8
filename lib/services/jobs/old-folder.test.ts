import { expect, test } from "vitest";
import { toHandSpec, toRunSpec } from "@/lib/domain/job";
import { isWithin } from "@/lib/domain/paths";
import type { JobPidFile } from "@/lib/domain/pid-file";
import type { StateFacts } from "@/lib/domain/recovery";
import type { RunState } from "@/lib/domain/run";
import { placeFor, placeOf } from "@/lib/domain/state-place";
import { inRealFolder } from "@/lib/kinds/kinds";
import { startJob } from "@/lib/services/commands/start-job";
import { aContext } from "@/test/a-context";
import { aJob, aRun, T0 } from "@/test/factories";
import { precheckJob } from "./precheck-job";

const job = aJob({ cwd: "/srv/current", checkpoint: "state.json" });
const ELSEWHERE: StateFacts = {
  found: "elsewhere",
  path: "/srv/current/state.json",
  here: { found: "none", path: "/srv/current/state.json" },
  oldFolder: "/srv/releases/1",
  newFolder: "/srv/releases/2",
  there: { found: "data", path: "/srv/releases/1/state.json", bytes: 12, modifiedAt: T0, summary: "page 18" },
};

function after(state: RunState, left: StateFacts = ELSEWHERE, its = job) {
  const worked = aRun(state, {
    jobId: its.id,
    spec: toRunSpec(its, ["--shoes"], false),
    realCwd: "/srv/releases/1",
  });
  return { worked, ctx: aContext({ jobs: [its], runs: [worked], readState: async () => left }) };
}

test("FR-F17 a resume in the new folder is refused with both folders and what to do; in the old one it goes on there", async () => {
  const { ctx, worked } = after("interrupted");
  await expect(startJob(ctx, job.id, { trigger: "api", mode: "resume" })).rejects.toMatchObject({
    code: "NOTHING_TO_RESUME",
    message: expect.stringMatching(/\/srv\/releases\/1\..*\/srv\/releases\/2.*folder: "old"/),
  });
  expect(ctx.saved.runs.size).toBe(1);
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
  const { ctx } = after("interrupted");
  const check = await precheckJob(ctx, job.id);
  expect(check).toMatchObject({ precheck: "start", run: { recovery: { oldFolder: "/srv/releases/1" } } });
  expect(check.reason).toContain("Resume it in the old folder");
  const next = await startJob(ctx, job.id, { trigger: "api" });
  expect(next).toMatchObject({ parentRunId: null, spec: { oldFolder: null } });
  expect(ctx.saved.runs.size).toBe(2);
});

test("FR-F17 where both folders have a checkpoint, a person says which: a plain resume goes on in the new one", async () => {
  const here = {
    found: "data",
    path: ELSEWHERE.path ?? "",
    bytes: 9,
    modifiedAt: T0,
    summary: null,
  } as const;
  const both = { ...ELSEWHERE, here } as StateFacts;
  const plain = after("interrupted", both);
  const next = await startJob(plain.ctx, job.id, { trigger: "api", mode: "resume" });
  expect(next).toMatchObject({ parentRunId: plain.worked.id, spec: { oldFolder: null } });
  const old = after("interrupted", both);
  const there = await startJob(old.ctx, job.id, { trigger: "api", mode: "resume", folder: "old" });
  expect(there.spec).toMatchObject({ cwd: "/srv/current", oldFolder: "/srv/releases/1" });
});

test("FR-F17 the old folder is refused where the checkpoint is where a new run looks anyway", async () => {
  const here: StateFacts = {
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
    const there = { ...ELSEWHERE, path: `/srv/current/${checkpoint}` } as StateFacts;
    const { ctx } = after("interrupted", there, crawl);
    const next = await startJob(ctx, crawl.id, { trigger: "api", mode: "resume", folder: "old" });
    const launched = inRealFolder(next.spec, next.spec.oldFolder ?? "");
    const told = JSON.stringify([launched.argv, launched.env]);
    expect(launched.cwd).toBe("/srv/releases/1");
    expect(told).toContain(`/srv/releases/1/${checkpoint}`);
    expect(told).not.toContain("/srv/current");
  },
);

test("FR-F17 a crawl whose job's folder was renamed since goes on where its state is", async () => {
  const crawl = aJob({
    kind: "scrapy",
    argv: ["scrapy", "crawl", "books"],
    cwd: "/srv/current",
    checkpoint: "crawls/books",
  });
  const { worked } = after("interrupted", ELSEWHERE, crawl);
  const renamed = { ...crawl, cwd: "/srv/app/current" };
  const moved = aContext({ jobs: [renamed], runs: [worked], readState: async () => ELSEWHERE });
  const next = await startJob(moved, crawl.id, { trigger: "api", mode: "resume", folder: "old" });
  expect(next.spec.argv).toContain("JOBDIR=/srv/releases/1/crawls/books");
  expect(inRealFolder(next.spec, "/srv/releases/1").argv).toContain("JOBDIR=/srv/releases/1/crawls/books");
});

test("FR-F17 also in the old folder the pid file is the one that others look for, under the job's name", async () => {
  const shop = aJob({ cwd: "/srv/current", checkpoint: "state.json", pidFile: "shop.pid" });
  const { ctx } = after("interrupted", ELSEWHERE, shop);
  const looked: (string | null)[] = [];
  const checkPidFile = async (file: JobPidFile | null) => void looked.push(file?.path ?? null);
  const next = await startJob({ ...ctx, checkPidFile }, shop.id, {
    trigger: "api",
    mode: "resume",
    folder: "old",
  });
  expect([...looked, next.spec.pidFile]).toEqual(["/srv/current/shop.pid", "/srv/current/shop.pid"]);
});

test("FR-F17 a path beside the folder goes by its name, as ever, and one below it by what the folder really is", () => {
  const beside = aJob({ cwd: "/srv/current", checkpoint: "../shared/state.json" });
  const launched = inRealFolder(toRunSpec(beside, [], false), "/srv/releases/1");
  expect(launched).toMatchObject({ cwd: "/srv/releases/1", checkpoint: "/srv/shared/state.json" });
  expect(placeOf({ spec: toRunSpec(beside, [], false), realCwd: "/srv/releases/1" }).left).toBeNull();
  expect(["state.json", "./a/../b", "..", "../x", "a/../../x", "/x"].map(isWithin)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("FR-F17 what a terminal launched has its checkpoint where the job's folder was then, and is judged by that", () => {
  const hand = { argv: ["./x"], cwd: "/home/me", caller: null, jobFolder: "/srv/releases/1" };
  const spec = toHandSpec(job, hand);
  expect(spec.checkpoint).toBe("/srv/releases/1/state.json");
  const worked = aRun("interrupted", { jobId: job.id, spec, realCwd: "/home/me" });
  expect(placeFor(job, worked).left).toEqual({ cwd: "/srv/releases/1", checkpoint: "state.json" });
  expect(toHandSpec(job, { ...hand, jobFolder: null }).checkpoint).toBe("/srv/current/state.json");
});

test("FR-F17 a path that is absolute stays as the job says it, link or not", () => {
  const crawl = aJob({ kind: "crawlee", cwd: "/srv/current", checkpoint: "/srv/current/storage" });
  const spec = { ...toRunSpec(crawl, [], false), env: { CRAWLEE_STORAGE_DIR: "/srv/current/storage" } };
  expect(inRealFolder(spec, "/srv/releases/1")).toMatchObject({
    cwd: "/srv/releases/1",
    checkpoint: "/srv/current/storage",
    env: { CRAWLEE_STORAGE_DIR: "/srv/current/storage" },
  });
});
