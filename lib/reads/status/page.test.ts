import { describe, expect, test } from "vitest";
import { StatusPage } from "@/lib/contracts/status";
import { aBoard } from "@/test/a-board";
import { aContext } from "@/test/a-context";
import { expectAsPromised } from "@/test/as-promised";
import { aJob, aRun, jobId, T0 } from "@/test/factories";
import { statusBytes } from "./answer";

const HOUR_MS = 3_600_000;
const named = (id: string, tags: string[] = []) => aJob({ id: jobId(id), title: id.toUpperCase(), tags });

/** By age: a and b completed, c and d failed, e to g run. */
function someJobs(at = T0 + 90_000) {
  const states = {
    a: "completed",
    b: "completed",
    c: "failed",
    d: "failed",
    e: "running",
    f: "running",
  } as const;
  const runs = Object.entries(states).map(([id, state]) => aRun(state, { jobId: jobId(id) }));
  const jobs = [...Object.keys(states), "never"].map((id) => named(id, id < "c" ? ["shop", "eu"] : ["eu"]));
  return aBoard(aContext({ jobs, runs, at }));
}

async function page(query: Parameters<typeof statusBytes>[1], board = someJobs()) {
  const { body } = await statusBytes(board, query, null);
  return JSON.parse(String(body));
}

const jobsOf = ({ items }: { items: readonly { job: string }[] }) => items.map(({ job }) => job);

describe("a page of the status", () => {
  test("is as the contract says, and its summary is of all jobs", async () => {
    const answer = await page({ limit: 1 });
    expectAsPromised(StatusPage, answer);
    expect(answer).toMatchObject({ total: 7, summary: { jobs: 7, active: 2, attention: 2 } });
    expect(answer.summary.counts).toMatchObject({ healthy: 2, failed: 2, waiting: 0 });
  });

  test("goes on by id, and each job is on one page", async () => {
    const first = await page({ limit: 4 });
    expect(jobsOf(first)).toEqual(["a", "b", "c", "d"]);
    const second = await page({ limit: 4, cursor: first.nextCursor });
    expect(jobsOf(second)).toEqual(["e", "f", "never"]);
    expect(second.nextCursor).toBeNull();
    expect((await page({ limit: 7 })).nextCursor).toBeNull();
  });

  test("has the jobs with all of the words in id, title, kind or tags, whatever their case", async () => {
    const found = await page({ limit: 1, q: " EU  shop " });
    expect(found).toMatchObject({ total: 2, nextCursor: "a" });
    expect(jobsOf(await page({ limit: 9, q: "never" }))).toEqual(["never"]);
    expect(await page({ limit: 9, q: "eu nothing" })).toMatchObject({
      items: [],
      total: 0,
      nextCursor: null,
    });
  });

  test("in the order of attention has what went wrong on half of it, then what runs, then the rest, the newest first", async () => {
    const order = "attention" as const;
    expect(jobsOf(await page({ limit: 9, order }))).toEqual(["c", "d", "f", "e", "b", "a", "never"]);
    expect(jobsOf(await page({ limit: 2, order }))).toEqual(["c", "f"]);
    expect(jobsOf(await page({ limit: 9, order, q: "shop" }))).toEqual(["b", "a"]);
  });

  test("has only the fields that were asked for", async () => {
    const { items } = await page({ limit: 2, fields: ["job", "title"] });
    expect(items).toEqual([
      { job: "a", title: "A" },
      { job: "b", title: "B" },
    ]);
  });

  test("has a tag that changes when a failure is a day old", async () => {
    const [then, later] = [someJobs(), someJobs(T0 + 25 * HOUR_MS)];
    const countsOf = (etag: string) => etag.split("-").at(-1);
    const tag = async (board: typeof then) => countsOf((await statusBytes(board, { limit: 1 }, null)).etag);
    expect(await tag(then)).not.toBe(await tag(later));
  });
});
