import { describe, expect, test } from "vitest";
import type { StateFacts } from "@/lib/domain/recovery";
import { aContext } from "@/test/a-context";
import { aJob, aRun, jobId, liveFacts, T0 } from "@/test/factories";
import { listStuck, type StuckQuery } from "./list-stuck";

const HOUR = 3_600_000;
const at = T0 + 100 * HOUR;
const ALL: StuckQuery = { ageMs: null, job: null, tag: null, limit: 50, cursor: null };
const DATA: StateFacts = { found: "data", path: "/state.json", bytes: 9, modifiedAt: T0, summary: null };
const of = (id: string) => ({ jobId: jobId(id) });
const seen = (stuck: Awaited<ReturnType<typeof listStuck>>) =>
  stuck.items.map(({ seen: { run }, category }) => [run.id, category]);

describe("the list of what is stuck", () => {
  test("has what ended badly, newest first, with what can be done, and not what is simply over", async () => {
    const dead = aRun("interrupted", of("a"));
    const failed = aRun("failed", of("b"));
    const ctx = aContext({ runs: [dead, failed, aRun("completed", of("c"))], at });
    const stuck = await listStuck(ctx, ALL);
    expect(seen(stuck)).toEqual([[dead.id, "dead"]]);
    expect(stuck.items[0]?.can).toEqual(["start", "clean"]);
    expect(stuck.counts).toMatchObject({ dead: 1, resumable: 0, unknown: 0 });
    const resumable = aContext({ runs: [dead, failed], at, readState: async () => DATA });
    expect(seen(await listStuck(resumable, ALL))).toEqual([
      [failed.id, "resumable"],
      [dead.id, "resumable"],
    ]);
  });

  test("has active runs that hang, wait or are orphaned, and what lives and is well is not on it", async () => {
    const [hung, well, gone] = [aRun("running", of("a")), aRun("running", of("b")), aRun("running", of("c"))];
    const queued = aRun("queued", of("d"));
    const live = (id: string) => {
      if (id === hung.id) return liveFacts({ quietMs: 90 * HOUR, ranMs: 90 * HOUR });
      return liveFacts({ lastLifeAt: at, processAlive: id !== gone.id });
    };
    const ctx = aContext({ runs: [hung, well, gone, queued], at, live });
    const stuck = await listStuck(ctx, ALL);
    expect(seen(stuck)).toEqual([
      [queued.id, "waiting"],
      [gone.id, "orphaned"],
      [hung.id, "hung"],
    ]);
    expect(stuck.counts).toMatchObject({ hung: 1, orphaned: 1, waiting: 1 });
    expect(stuck.items.at(-1)?.can).toEqual(["stop"]);
  });

  test("counts a run before a newer one as superseded and as nothing else", async () => {
    const old = aRun("interrupted");
    const ctx = aContext({ runs: [old, aRun("completed")], at });
    const stuck = await listStuck(ctx, ALL);
    expect(seen(stuck)).toEqual([[old.id, "superseded"]]);
    expect(stuck.counts).toMatchObject({ superseded: 1, dead: 0 });
  });

  test("is of one job, tag or age where that is asked for, active runs too", async () => {
    const [ended, queued] = [aRun("interrupted", of("a")), aRun("queued", of("b"))];
    const jobs = [aJob({ id: jobId("a"), tags: ["shops"] }), aJob({ id: jobId("b") })];
    const ctx = aContext({ jobs, runs: [ended, queued], at });
    const ids = async (query: Partial<StuckQuery>) =>
      seen(await listStuck(ctx, { ...ALL, ...query })).map(([id]) => id);
    expect(await ids({ job: jobId("b") })).toEqual([queued.id]);
    expect(await ids({ job: jobId("a") })).toEqual([ended.id]);
    expect(await ids({ tag: "shops" })).toEqual([ended.id]);
    expect(await ids({ ageMs: 99 * HOUR })).toEqual([queued.id, ended.id]);
    expect(await ids({ ageMs: 101 * HOUR })).toEqual([]);
  });

  test("comes in pages in which active and ended runs meet, each run once", async () => {
    const runs = ["a", "b", "c", "d", "e"].map((id, n) =>
      n % 2 ? aRun("queued", of(id)) : aRun("interrupted", { ...of(id), verdict: "dead" }),
    );
    const ctx = aContext({ runs, at });
    const ids: string[] = [];
    let pages = 0;
    for (let cursor: string | null = null; pages === 0 || cursor !== null; pages += 1) {
      const page = await listStuck(ctx, { ...ALL, limit: 2, cursor });
      ids.push(...page.items.map(({ seen: { run } }) => run.id));
      expect(page.counts).toMatchObject({ dead: 3, waiting: 2 });
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(runs.map(({ id }) => id).reverse());
    expect(pages).toBe(3);
  });

  test("keeps what it reads for the next count, and is shown even when that cannot be written", async () => {
    const run = aRun("interrupted");
    const ctx = aContext({ runs: [run], at });
    await listStuck(ctx, ALL);
    expect(ctx.saved.runs.get(run.id)).toMatchObject({ verdict: "dead", verdictAt: at });
    const saveVerdicts = () => Promise.reject(new Error("locked"));
    expect(seen(await listStuck(aContext({ runs: [run], at, saveVerdicts }), ALL))).toHaveLength(1);
  });

  test("says when the last check was and what it found", async () => {
    const stuckCheck = { at: T0, found: 3 };
    expect((await listStuck(aContext({ tables: { stuckCheck } }), ALL)).lastCheck).toEqual(stuckCheck);
  });
});

test("a run that ends between the two reads of the list is on it once, as ended", async () => {
  const overdue = aRun("stopping");
  const ended = { ...aRun("interrupted"), id: overdue.id };
  const ctx = aContext({ runs: [ended], at, listUnfinished: async () => [overdue] });
  const { items } = await listStuck(ctx, ALL);
  expect(items.map(({ seen: { run } }) => [run.id, run.state])).toEqual([[overdue.id, "interrupted"]]);
});
