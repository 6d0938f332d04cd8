import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aRun, jobId, T0 } from "@/test/factories";
import { listRuns, type RunListQuery } from "./list-runs";

const iso = (ms: number) => new Date(ms).toISOString();
const [first, second, third] = [
  aRun("interrupted", { fingerprint: "abc" }),
  aRun("completed", { queuedAt: T0 + 1_000 }),
  aRun("failed", { jobId: jobId("weekly"), queuedAt: T0 + 2_000 }),
];
const ctx = aContext({ runs: [first, second, third] });
const ids = async (query: Partial<RunListQuery>) =>
  (await listRuns(ctx, { limit: 9, ...query })).items.map(({ run }) => run.id);

test("runs are listed newest first, in pages that what is started meanwhile does not shift", async () => {
  const page = await listRuns(ctx, { limit: 2 });
  expect(page.items.map(({ run }) => run.id)).toEqual([third.id, second.id]);
  expect(page.nextCursor).toBe(second.id);
  const rest = await listRuns(ctx, { limit: 2, cursor: second.id });
  expect(rest.items.map(({ run }) => run.id)).toEqual([first.id]);
  expect(rest.nextCursor).toBeNull();
});

test("of a job, of some states, of a time, with the same last words, or by what a job or an id is called", async () => {
  expect(await ids({ job: third.jobId })).toEqual([third.id]);
  expect(await ids({ state: ["completed", "failed"] })).toEqual([third.id, second.id]);
  expect(await ids({ since: iso(T0 + 1_000), until: iso(T0 + 2_000) })).toEqual([second.id]);
  expect(await ids({ fingerprint: "abc" })).toEqual([first.id]);
  expect(await ids({ q: "EEKL" })).toEqual([third.id]);
  expect(await ids({ q: second.id.slice(4).toUpperCase() })).toEqual([second.id]);
  expect(await ids({ q: "" })).toHaveLength(3);
});

test("a run that has to be decided about says whether a newer one stands before it", async () => {
  const { items } = await listRuns(ctx, { limit: 9 });
  expect(items.map(({ run, superseded }) => [run.id, superseded])).toEqual([
    [third.id, false],
    [second.id, false],
    [first.id, true],
  ]);
});
