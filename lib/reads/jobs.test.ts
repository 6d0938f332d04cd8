import { expect, onTestFinished, test } from "vitest";
import { askedBy } from "@/lib/asking";
import { EnvironmentView, JobEnvironmentView } from "@/lib/contracts/environment";
import { JobPage, JobView } from "@/lib/contracts/job";
import { PrecheckView } from "@/lib/contracts/precheck";
import { RecoveryView } from "@/lib/contracts/recovery";
import { StatusPage } from "@/lib/contracts/status";
import type { Access } from "@/lib/domain/access";
import { newStreak } from "@/lib/domain/auto-recovery";
import type { PidFileSight } from "@/lib/domain/pid-file";
import { slot } from "@/lib/slot.mjs";
import { aBoard } from "@/test/a-board";
import { aContext, expectRefusal } from "@/test/a-context";
import { anIdentity } from "@/test/accounts";
import { expectAsPromised } from "@/test/as-promised";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import {
  readEnvironment,
  readJob,
  readJobDefaults,
  readJobEnvironment,
  readJobStatus,
  readJobs,
  readPrecheck,
  readRecovery,
  readStatusPage,
  readTitles,
} from "./jobs";

const named = (id: string) => aJob({ id: jobId(id), title: id.toUpperCase() });

test("a job is shown as the contract says, with its secrets' names in order and its times as instants", async () => {
  const job = aJob({ envSecret: ["B", "A"], tags: ["shop"], limits: { ...aJob().limits } });
  const view = await readJob(job.id, aContext({ jobs: [job] }));
  expectAsPromised(JobView, view);
  expect(view).toMatchObject({ id: "nightly", envSecret: ["A", "B"], createdAt: "2026-01-01T00:00:00.000Z" });
});

test("values of a job's variables are for those who may start it; others see their names", async () => {
  const job = aJob({ id: jobId("shop"), tags: ["eu"], env: { URL: "https://v4lue", B: "v4lue" } });
  const seenBy = (access: Access) => readJob(job.id, aContext({ jobs: [job], who: anIdentity({ access }) }));
  const none: Access["grants"] = [];
  for (const access of [
    { role: "viewer", grants: none },
    { role: null, grants: [{ role: "viewer", on: "job:shop" }] },
    { role: "viewer", grants: [{ role: "operator", on: "job:other" }] },
  ] satisfies Access[]) {
    const view = await seenBy(access);
    expectAsPromised(JobView, view);
    expect(view).toMatchObject({ env: {}, envHidden: ["B", "URL"] });
    expect(JSON.stringify(view)).not.toContain("v4lue");
  }
  for (const access of [
    { role: "operator", grants: none },
    { role: null, grants: [{ role: "operator", on: "tag:eu" }] },
  ] satisfies Access[])
    expect(await seenBy(access)).toMatchObject({ env: job.env, envHidden: [] });
});

test("of jobs those are listed that who asks may see, page by page", async () => {
  const grants: Access["grants"] = ["a", "c", "d"].map((id) => ({ role: "viewer", on: `job:${id}` }));
  const who = anIdentity({ access: { role: null, grants } });
  const ctx = aContext({ jobs: ["d", "c", "b", "a"].map(named), who });
  const before = slot().booted;
  slot().booted = { phase: "ready", app: { status: aBoard(ctx) } };
  onTestFinished(() => {
    slot().booted = before;
  });
  const read = (query: Parameters<typeof readJobs>[0]) =>
    askedBy({ who, client: ctx.client }, () => readJobs(query, ctx));
  const first = await read({ limit: 2 });
  expectAsPromised(JobPage, first);
  expect(first.items.map(({ id }) => id)).toEqual(["a", "c"]);
  const second = await read({ limit: 2, cursor: first.nextCursor ?? expect.fail() });
  expect(second).toMatchObject({ items: [{ id: "d" }], nextCursor: null });
  expect((await read({ limit: 3 })).nextCursor).toBeNull();
});

test("jobs are listed page by page, each on one page", async () => {
  const ctx = aContext({ jobs: [named("c"), named("a"), named("b")] });
  const first = await readJobs({ limit: 2 }, ctx);
  expectAsPromised(JobPage, first);
  expect(first.items.map(({ id }) => id)).toEqual(["a", "b"]);
  const second = await readJobs({ limit: 2, cursor: first.nextCursor ?? expect.fail() }, ctx);
  expect(second).toMatchObject({ items: [{ id: "c" }], nextCursor: null });
});

test("the status of every job is told as of one moment, a job without a run too", async () => {
  const runs = [aRun("running", { jobId: jobId("a") }), aRun("failed", { jobId: jobId("b") })];
  const ctx = aContext({ jobs: ["a", "b", "c"].map(named), runs, at: T0 + 90_000 });
  const status = await readStatusPage({ limit: 10 }, aBoard(ctx));
  expectAsPromised(StatusPage, status);
  expect(status.at).toBe("2026-01-01T00:01:30.000Z");
  expect(status.items).toMatchObject([
    { job: "a", running: true, state: "RUNNING", pid: 4_001, managedProcess: true },
    { job: "b", running: false, pid: null, managedProcess: false, run: { state: "failed" } },
    { job: "c", running: false, run: null, health: null },
  ]);
  expect(await readJobStatus(jobId("a"), ctx)).toEqual(status.items[0]);
});

test("titles are told of those jobs that there are, each once and by id", async () => {
  const board = aBoard(aContext({ jobs: ["c", "a", "b"].map(named) }));
  const titles = await readTitles(["c", "a", "gone", "c"], board);
  expect(titles).toEqual({
    items: [
      { job: "a", title: "A" },
      { job: "c", title: "C" },
    ],
  });
});

const foreign = {
  identity: { pid: 812, startTicks: 9 },
  command: "python bot.py",
  startedAt: T0,
  certain: true,
  doubt: null,
};
const behindPidFile = (certain: boolean) =>
  aContext({
    jobs: [aJob({ pidFile: "/run/x.pid" })],
    seePidFile: async (): Promise<PidFileSight> => ({ found: "foreign", process: { ...foreign, certain } }),
    isEnding: () => true,
  });

test("a process behind the pid file that no run has started makes the job run, and is told apart from ours", async () => {
  const view = await readJobStatus(aJob().id, behindPidFile(true));
  expectAsPromised(StatusPage.shape.items.element, view);
  expect(view).toMatchObject({
    running: true,
    state: "RUNNING",
    pid: 812,
    managedProcess: false,
    pidFileDetected: true,
    foreign: { pid: 812, command: "python bot.py", certain: true, stopping: true },
  });
});

test("one that may not have written the pid file is shown, and not believed", async () => {
  const view = await readJobStatus(aJob().id, behindPidFile(false));
  expect(view).toMatchObject({ running: false, pid: null, foreign: { certain: false } });
});

test("a recovery is shown as idle where there was nothing to recover, else as it stands", async () => {
  const ctx = aContext({ jobs: [aJob({ autoRecover: true })] });
  const idle = await readRecovery(aJob().id, ctx);
  expectAsPromised(RecoveryView, idle);
  expect(idle).toMatchObject({ enabled: true, state: "idle", attempts: 0, nextAt: null });
  const failed = aRun("failed");
  const record = { ...newStreak(failed.jobId, failed.id, T0), state: "waiting", attempts: 2 } as const;
  const waiting = { ...record, nextAt: T0 + 5_000, nextAction: "resume" } as const;
  const view = await readRecovery(
    failed.jobId,
    aContext({ jobs: [aJob({ autoRecover: true })], runs: [failed], recoveries: [waiting] }),
  );
  expectAsPromised(RecoveryView, view);
  expect(view).toMatchObject({
    state: "waiting",
    attempts: 2,
    run: failed.id,
    nextAt: "2026-01-01T00:00:05.000Z",
    nextAction: "resume",
  });
});

test("a look before a start applies the hours that were asked for, else the job's own threshold", async () => {
  const ctx = aContext({ jobs: [aJob({ stuckAfterMs: 86_400_000 })], runs: [aRun("interrupted")] });
  const own = await readPrecheck(aJob().id, {}, ctx);
  expectAsPromised(PrecheckView, own);
  expect(own.ageHours).toBe(24);
  expect(await readPrecheck(aJob().id, { ageHours: 0.5 }, ctx)).toMatchObject({ ageHours: 0.5 });
  expect(ctx.saved.audits).toEqual([]);
});

test("the environment of runs is shown without any value of the dashboard's own", async () => {
  const ctx = aContext({
    jobs: [aJob()],
    hostEnvironment: { base: { PATH: "/bin" }, others: { PROXY: "v4lue", KEPT: "v4lue" }, dotEnv: {} },
    inheritPatterns: ["KEPT"],
    tables: { environment: { use: "recorded", names: ["PROXY"], recordedAt: T0 } },
  });
  const view = await readEnvironment(ctx);
  expectAsPromised(EnvironmentView, view);
  expect(view).toMatchObject({
    use: "recorded",
    recordedAt: "2026-01-01T00:00:00.000Z",
    inherited: ["KEPT"],
    recorded: [{ name: "PROXY", losingCount: 1 }],
  });
  expect(JSON.stringify(view)).not.toContain("v4lue");
  const own = await readJobEnvironment(aJob().id, ctx);
  expectAsPromised(JobEnvironmentView, own);
  expect(own.variables).toContainEqual({ name: "PROXY", value: "v4lue", from: "recorded", hidden: null });
});

test("a new job's form begins in the folder of jobs that name none", () => {
  const before = slot().booted;
  onTestFinished(() => {
    slot().booted = before;
  });
  slot().booted = { phase: "ready", app: { ports: { operator: aContext({ defaultCwd: "/srv" }) } } };
  const by = { who: anIdentity(), client: { address: null, secure: false } };
  expect(askedBy(by, readJobDefaults)).toMatchObject({ cwd: "/srv", runAs: { isRoot: false } });
});

test("nothing is shown of a job that does not exist", async () => {
  const ctx = aContext();
  const id = jobId("unknown");
  const reads = [
    () => readJob(id, ctx),
    () => readJobStatus(id, ctx),
    () => readRecovery(id, ctx),
    () => readPrecheck(id, {}, ctx),
    () => readJobEnvironment(id, ctx),
  ];
  for (const read of reads) await expectRefusal(ctx, "JOB_NOT_FOUND", read);
});
