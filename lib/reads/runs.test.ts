import { expect, onTestFinished, test } from "vitest";
import { askedBy } from "@/lib/asking";
import { RunEventPage, RunPage, RunView, UsageView } from "@/lib/contracts/run";
import { slot } from "@/lib/slot.mjs";
import { aBoard } from "@/test/a-board";
import { aContext, expectRefusal } from "@/test/a-context";
import { anIdentity } from "@/test/accounts";
import { expectAsPromised } from "@/test/as-promised";
import { aRun, jobId, runId, T0 } from "@/test/factories";
import { readRun, readRunEvents, readRuns, readUsage } from "./runs";

const NOW = T0 + 90_000;
const CRASHED = aRun("failed");

test.each([
  "queued",
  "starting",
  "running",
  "stopping",
  "completed",
  "failed",
  "stopped",
  "timed_out",
  "interrupted",
  "cleaned",
] as const)("a %s run is shown as the contract says", async (state) => {
  const run = aRun(state);
  const view = await readRun(run.id, aContext({ runs: [run], at: NOW }));
  expectAsPromised(RunView, view);
  expect(view).toMatchObject({ id: run.id, job: "nightly", state, superseded: false });
});

test("a run that lives lasts until now, one that is over until its end, one that waits not at all", async () => {
  const lasts = async (state: "queued" | "running" | "failed") => {
    const run = aRun(state);
    return (await readRun(run.id, aContext({ runs: [run], at: NOW }))).durationMs;
  };
  expect(await lasts("queued")).toBeNull();
  expect(await lasts("running")).toBe(88_000);
  expect(await lasts("failed")).toBe(58_000);
});

test("a run says what its verdict rests on: its process, its locks and its threshold", async () => {
  const run = aRun("running");
  const { evidence } = await readRun(run.id, aContext({ runs: [run], at: NOW }));
  const told = Object.fromEntries(evidence.map(({ fact, value }) => [fact, value]));
  expect(told).toMatchObject({
    "process identity": "program, pid 4001, started at tick 78",
    "locks held": "job:nightly (fence 1)",
    "counts as stuck after": "1 d",
  });
});

test("what its checkpoint says is read for one run, and for a list it is not", async () => {
  const ctx = aContext({ runs: [CRASHED], at: NOW });
  const readState = async () => {
    read += 1;
    return { found: "none", path: null } as const;
  };
  let read = 0;
  const watched = { ...ctx, readState };
  expect((await readRuns({ limit: 9 }, watched)).items[0]?.verdictSentence).toBeNull();
  expect(read).toBe(0);
  expect((await readRun(CRASHED.id, watched)).verdictSentence).not.toBeNull();
  expect(read).toBe(1);
});

test("runs are listed newest first, page by page, and those that a newer one stands before say so", async () => {
  const [first, second] = [aRun("failed"), aRun("failed")];
  const other = aRun("running", { jobId: jobId("other") });
  const ctx = aContext({ runs: [first, second, other], at: NOW });
  const page = await readRuns({ limit: 2 }, ctx);
  expectAsPromised(RunPage, page);
  expect(page.items.map(({ id, superseded }) => [id, superseded])).toEqual([
    [other.id, false],
    [second.id, false],
  ]);
  const rest = await readRuns({ limit: 2, cursor: page.nextCursor ?? expect.fail() }, ctx);
  expect(rest).toMatchObject({ items: [{ id: first.id, superseded: true }], nextCursor: null });
  expect((await readRuns({ limit: 9, state: ["running"] }, ctx)).items).toMatchObject([{ id: other.id }]);
});

test("of runs those are listed whose jobs who asks may see, page by page, also when another is asked for", async () => {
  const run = (id: string) => aRun("failed", { jobId: jobId(id) });
  const [first, other, second] = [run("shop"), run("other"), run("shop")];
  const who = anIdentity({ access: { role: null, grants: [{ role: "viewer", on: "job:shop" }] } });
  const ctx = aContext({ runs: [first, other, second], at: NOW, who });
  const before = slot().booted;
  slot().booted = { phase: "ready", app: { status: aBoard(ctx) } };
  onTestFinished(() => {
    slot().booted = before;
  });
  const read = (query: Parameters<typeof readRuns>[0]) =>
    askedBy({ who, client: ctx.client }, () => readRuns(query, ctx));
  const page = await read({ limit: 1 });
  expect(page.items.map(({ id }) => id)).toEqual([second.id]);
  const rest = await read({ limit: 1, cursor: page.nextCursor ?? expect.fail() });
  expect(rest).toMatchObject({ items: [{ id: first.id }], nextCursor: null });
  expect(await read({ limit: 9, job: jobId("other") })).toEqual({ items: [], nextCursor: null });
  expect((await read({ limit: 9, job: jobId("shop") })).items).toHaveLength(2);
  expect((await read({ limit: 9, q: other.id })).items).toEqual([]);
});

test("the history of a run is told oldest first, with instants, page by page", async () => {
  const event = (type: string) => ({ runId: CRASHED.id, type, data: { by: "operator" } });
  const ctx = aContext({ runs: [CRASHED], events: [event("queued"), event("started"), event("exited")] });
  const page = await readRunEvents(CRASHED.id, { limit: 2 }, ctx);
  expectAsPromised(RunEventPage, page);
  expect(page.items).toMatchObject([
    { type: "queued", at: "2026-01-01T00:00:00.000Z", data: { by: "operator" } },
    { type: "started" },
  ]);
  const rest = await readRunEvents(CRASHED.id, { limit: 2, cursor: page.nextCursor ?? "" }, ctx);
  expect(rest).toMatchObject({ items: [{ type: "exited" }], nextCursor: null });
});

test("how a run used the machine is shown with a tenth of a percent and its memory limit", async () => {
  const point = (at: number, cpuMs: number) => ({
    runId: CRASHED.id,
    at: T0 + at,
    cpuMs,
    memoryBytes: 9,
    processes: 2,
  });
  const ctx = aContext({
    runs: [CRASHED],
    events: [
      { runId: CRASHED.id, type: "limits_applied", data: { memory: "cgroup", memoryBytes: 512, why: null } },
    ],
    tables: { usage: [point(5_000, 1_000), point(8_000, 2_000)] },
  });
  const view = await readUsage(CRASHED.id, ctx);
  expectAsPromised(UsageView, view);
  expect(view).toEqual({
    memoryLimit: { bytes: 512, by: "cgroup", why: null },
    points: [
      { at: "2026-01-01T00:00:05.000Z", cpuPercent: 33.3, memoryBytes: 9, processes: 2 },
      { at: "2026-01-01T00:00:08.000Z", cpuPercent: 33.3, memoryBytes: 9, processes: 2 },
    ],
  });
});

test("nothing is shown of a run that does not exist", async () => {
  const ctx = aContext();
  const id = runId("run_0");
  const reads = [
    () => readRun(id, ctx),
    () => readRunEvents(id, { limit: 9 }, ctx),
    () => readUsage(id, ctx),
  ];
  for (const read of reads) await expectRefusal(ctx, "RUN_NOT_FOUND", read);
});
