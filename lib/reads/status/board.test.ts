import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { JobId } from "@/lib/domain/ids";
import type { PidFileSight } from "@/lib/domain/pid-file";
import type { LiveFacts } from "@/lib/domain/ports/host";
import { nextTurn } from "@/lib/turns";
import { aBoard } from "@/test/a-board";
import { aContext } from "@/test/a-context";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { withResolvers } from "@/test/with-resolvers";
import { statusBytes } from "./answer";
import { LOOK_EVERY_MS } from "./board";

const named = (id: string) => aJob({ id: jobId(id), title: id.toUpperCase() });

/** Its monotonic clock stands still until it is told. */
function clock() {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  return { goOn: (ms: number) => vi.advanceTimersByTime(ms) };
}

/** A board that is told of changes by the test. */
function told(ctx: ReturnType<typeof aContext>, ports = {}) {
  let changes: ReadonlySet<JobId> | "all" = "all";
  const board = aBoard(
    ctx,
    () => {
      const taken = changes;
      changes = new Set();
      return taken;
    },
    ports,
  );
  return { board, change: (...ids: string[]) => (changes = new Set(ids.map(jobId))) };
}

const LIVE: LiveFacts = {
  processAlive: true,
  logBytes: 1,
  lastLifeAt: T0,
  lastLifeSource: "log",
  progress: null,
  usualGapMs: null,
  cpuMs: null,
  peakMemoryBytes: null,
  quietMs: 0,
  ranMs: 0,
  waits: null,
  stoppingMs: null,
};

describe("what was committed", () => {
  test("is in the next answer: a job changed, made, deleted", async () => {
    clock();
    const ctx = aContext({ jobs: [named("b"), named("a")] });
    const { board, change } = told(ctx);
    const first = await board.now();
    expect(first.statuses.map(({ job }) => job.id)).toEqual(["a", "b"]);
    expect(await board.now()).toBe(first);
    rename(ctx, "a", "Other");
    const jobs = new Map(ctx.saved.jobs).set(jobId("c"), { job: named("c"), secrets: {}, newest: null });
    jobs.delete(jobId("b"));
    ctx.saved.jobs = jobs;
    change("a", "b", "c");
    const second = await board.now();
    expect(second.statuses.map(({ job }) => job.title)).toEqual(["Other", "C"]);
    expect(second.revision).toBeGreaterThan(first.revision);
  });

  test("while an answer is being made is in it, for who asks then", async () => {
    const ctx = aContext({ jobs: [{ ...named("a"), pidFile: "a.pid" }] });
    const asked: ((sight: PidFileSight) => void)[] = [];
    const seePidFile = () => {
      const { promise, resolve } = withResolvers<PidFileSight>();
      asked.push(resolve);
      return promise;
    };
    const { board, change } = told(ctx, { seePidFile });
    const answers = [board.now()];
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    rename(ctx, "a", "second");
    change("a");
    answers.push(board.now());
    asked[0]?.({ found: "nothing" });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    asked[1]?.({ found: "nothing" });
    for (const answer of answers) expect((await answer).statuses[0]?.job.title).toBe("second");
  });

  test("is waited for, while a mere look that lasts is not", async () => {
    const { goOn } = clock();
    const ctx = aContext({ jobs: [{ ...named("a"), pidFile: "a.pid" }] });
    const asked: ((sight: PidFileSight) => void)[] = [];
    let slow = false;
    const seePidFile = () => {
      if (!slow) return Promise.resolve<PidFileSight>({ found: "nothing" });
      const { promise, resolve } = withResolvers<PidFileSight>();
      asked.push(resolve);
      return promise;
    };
    const { board, change } = told(ctx, { seePidFile });
    await board.now();
    goOn(LOOK_EVERY_MS);
    const kept = await board.now();
    slow = true;
    const looking = board.now();
    await nextTurn();
    expect(asked).toHaveLength(1);
    goOn(LOOK_EVERY_MS - 1);
    expect(await board.now()).toBe(kept);
    rename(ctx, "a", "second");
    change("a");
    const renewed = board.now();
    slow = false;
    asked[0]?.({ found: "nothing" });
    expect((await renewed).statuses[0]?.job.title).toBe("second");
    expect(await looking).toBe(await renewed);
  });

  test("is not lost when reading it fails", async () => {
    const ctx = aContext({ jobs: [{ ...named("a"), pidFile: "a.pid" }] });
    let fails = true;
    const seePidFile = async (): Promise<PidFileSight> => {
      if (fails) throw new Error("not now");
      return { found: "nothing" };
    };
    const { board } = told(ctx, { seePidFile });
    await expect(board.now()).rejects.toThrow("not now");
    fails = false;
    expect((await board.now()).statuses).toHaveLength(1);
  });
});

describe("what is not written down", () => {
  test("is looked at again when its time has come: a process that has gone, a health that time has changed", async () => {
    const { goOn } = clock();
    const run = aRun("running", { jobId: jobId("a") });
    let live = LIVE;
    const ctx = aContext({ jobs: [named("a")], runs: [run], live: () => live });
    const { board } = told(ctx);
    const health = async () => {
      goOn(LOOK_EVERY_MS);
      const { revision, statuses } = await board.now();
      return { revision, health: statuses[0]?.newest?.health?.health };
    };
    const first = await health();
    expect(first.health).toBe("healthy");
    expect(await health()).toEqual(first);
    live = { ...LIVE, quietMs: run.spec.timeouts.silenceMs };
    expect((await health()).health).toBe("healthy");
    live = { ...LIVE, quietMs: run.spec.timeouts.silenceMs + 1 };
    const silent = await health();
    expect(silent).toEqual({ health: "silent", revision: first.revision + 1 });
    live = { ...LIVE, processAlive: false };
    expect(await health()).toEqual({ health: "orphaned", revision: first.revision + 2 });
  });

  test("has another text but no other revision when only time has gone by", async () => {
    const { goOn } = clock();
    const run = aRun("running", { jobId: jobId("a"), startedAt: T0 });
    const ctx = aContext({ jobs: [named("a")], runs: [run], live: () => LIVE });
    const { board } = told(ctx);
    const first = await board.now();
    goOn(LOOK_EVERY_MS);
    ctx.clock.at = T0 + 90_000;
    const second = await board.now();
    expect(second.revision).toBe(first.revision);
    expect(JSON.parse(second.texts[0] ?? "")).toMatchObject({ run: { durationMs: 90_000 } });
  });

  test("of a job with a pid file is who is behind it", async () => {
    const { goOn } = clock();
    let sight: PidFileSight = { found: "nothing" };
    const ctx = aContext({ jobs: [{ ...named("a"), pidFile: "a.pid" }], seePidFile: async () => sight });
    const { board } = told(ctx);
    const first = await board.now();
    const identity = { pid: 77, startTicks: 5 };
    const process = { identity, command: "node x.mjs", startedAt: T0, certain: true, doubt: null };
    sight = { found: "foreign", process };
    goOn(LOOK_EVERY_MS);
    const second = await board.now();
    expect(second.statuses[0]).toMatchObject({ pidFileDetected: true, foreign: { identity } });
    expect(second.revision).toBe(first.revision + 1);
  });
});

describe("the bytes", () => {
  test("are kept, and not given to who has them", async () => {
    const board = told(aContext({ jobs: [named("a")] })).board;
    const first = await statusBytes(board, {}, null);
    const again = await statusBytes(board, {}, 'W/"another"');
    expect(again.etag).toBe(first.etag);
    expect(again.body).toBe(first.body);
    for (const header of [first.etag, `"x", ${first.etag}`, "*"])
      expect(await statusBytes(board, {}, header)).toEqual({ etag: first.etag, body: null });
  });

  test("have only the fields that were asked for, under a tag of their own", async () => {
    const { board } = told(aContext({ jobs: [named("a")] }));
    const { etag, body } = await statusBytes(board, { fields: ["state", "job"] }, null);
    expect(JSON.parse(String(body))).toEqual({
      at: expect.any(String),
      items: [{ job: "a", state: "IDLE" }],
    });
    expect(etag).not.toBe((await statusBytes(board, {}, null)).etag);
  });

  test("of two boards are two things", async () => {
    const ctx = aContext({ jobs: [named("a")] });
    const [one, other] = [aBoard(ctx), aBoard(ctx)];
    const { etag } = await statusBytes(one, {}, null);
    expect((await statusBytes(other, {}, etag)).body).not.toBeNull();
  });
});

function rename(ctx: ReturnType<typeof aContext>, id: string, title: string): void {
  const row = ctx.saved.jobs.get(jobId(id)) ?? expect.fail();
  const changed = { ...row, job: { ...row.job, title } };
  ctx.saved.jobs = new Map(ctx.saved.jobs).set(jobId(id), changed);
}
