import { expect, test } from "vitest";
import { AlertPage } from "@/lib/contracts/alert";
import { StraysAnswer } from "@/lib/contracts/stray";
import { StuckAnswer } from "@/lib/contracts/stuck";
import { HOUR_MS } from "@/lib/domain/hours";
import { aContext } from "@/test/a-context";
import { expectAsPromised } from "@/test/as-promised";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { aStray } from "@/test/strays";
import { readAlerts, readStrays, readStuck } from "./stuck";

const of = (id: string, startedAt = T0) => aRun("interrupted", { jobId: jobId(id), startedAt });

test("what is stuck is shown with its remedies, its counts and the last check", async () => {
  const run = of("a");
  const ctx = aContext({
    runs: [run, aRun("completed", { jobId: jobId("b") })],
    at: T0 + HOUR_MS,
    tables: { stuckCheck: { at: T0, found: 3 } },
  });
  const answer = await readStuck({ limit: 9 }, ctx);
  expectAsPromised(StuckAnswer, answer);
  expect(answer).toMatchObject({
    at: "2026-01-01T01:00:00.000Z",
    ageHours: null,
    counts: { dead: 1 },
    items: [{ category: "dead", run: { id: run.id } }],
    nextCursor: null,
    lastCheck: { at: "2026-01-01T00:00:00.000Z", found: 3 },
  });
});

test("an age in hours, a job and a tag each leave out what they do not mean", async () => {
  const [old, young] = [of("a"), of("b", T0 + 2 * HOUR_MS)];
  const jobs = [aJob({ id: jobId("a"), tags: ["shop"] }), aJob({ id: jobId("b") })];
  const ctx = aContext({ jobs, runs: [old, young], at: T0 + 3 * HOUR_MS });
  const shown = async (query: Parameters<typeof readStuck>[0]) => {
    const { items, ageHours } = await readStuck(query, ctx);
    return [ageHours, ...items.map(({ run }) => run.job)];
  };
  expect(await shown({ limit: 9 })).toEqual([null, "b", "a"]);
  expect(await shown({ limit: 9, ageHours: 1.5 })).toEqual([1.5, "a"]);
  expect(await shown({ limit: 9, job: jobId("b") })).toEqual([null, "b"]);
  expect(await shown({ limit: 9, tag: "shop" })).toEqual([null, "a"]);
});

test("what is stuck is listed page by page, and the counts are of all of it", async () => {
  const ctx = aContext({ runs: [of("a"), of("b")], at: T0 + HOUR_MS });
  const first = await readStuck({ limit: 1 }, ctx);
  expect(first).toMatchObject({ items: [{ run: { job: "b" } }], counts: { dead: 1, unknown: 1 } });
  const second = await readStuck({ limit: 1, cursor: first.nextCursor ?? expect.fail() }, ctx);
  expect(second).toMatchObject({ items: [{ run: { job: "a" } }], nextCursor: null });
});

test("alerts are shown with instants, and without the runs they were made from", async () => {
  const alert = {
    id: "alert_1",
    at: T0,
    kind: "stuck",
    title: "1 run is stuck",
    detail: "…",
    job: null,
    counts: { dead: 1 },
    runs: ["run_1"],
    acknowledgedAt: T0 + 1,
    acknowledgedBy: "anna",
  } as const;
  const ctx = aContext({ tables: { alerts: new Map([[alert.id, alert]]) } });
  const page = await readAlerts({ limit: 9 }, ctx);
  expectAsPromised(AlertPage, page);
  expect(page.items).toMatchObject([
    { id: "alert_1", acknowledgedAt: "2026-01-01T00:00:00.001Z", acknowledgedBy: "anna" },
  ]);
  expect(await readAlerts({ limit: 9, open: "1" }, ctx)).toEqual({ items: [], nextCursor: null });
});

test("strays are shown by what names them, with what can be done, beside stale pid files", async () => {
  const stray = aStray({ run: aRun("stopped") });
  const ctx = aContext({
    jobs: [aJob({ pidFile: "/run/x.pid" })],
    findStrays: async () => [stray],
    seePidFile: async () => ({ found: "stale", why: "process 41 is gone", pid: 41 }),
  });
  const answer = await readStrays(ctx);
  expectAsPromised(StraysAnswer, answer);
  expect(answer).toMatchObject({
    at: "2026-01-01T00:00:00.000Z",
    items: [
      { id: "812-4711", pid: 812, job: "nightly", run: stray.runId, runState: "stopped", processes: 2 },
    ],
    pidFiles: [{ job: "nightly", path: "/run/x.pid", pid: 41, why: "process 41 is gone" }],
  });
});
