import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { openStore } from "@/lib/store/open";
import { apply, CLAIMED, exited, givenJob, givenQueued, SPAWNED, STOP } from "./store/given";

/** Every statement goes through this one function, Prisma's too. */
const asked = vi.hoisted((): string[] => []);
vi.mock("@/lib/store/slow-statements", async (original) => ({
  ...(await original<typeof import("@/lib/store/slow-statements")>()),
  timed: (sql: string, ask: () => unknown) => {
    asked.push(sql.replaceAll(/\s+/g, " ").trim());
    return ask();
  },
}));

const folder = mkdtempSync(join(tmpdir(), "unstuck-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Statements of one run from its queueing to its end, with BEGIN, SAVEPOINT, RELEASE and COMMIT, counted and not timed. A change that needs more has a reason, and moves the figure here
 * with it.
 */
test("queueing, claiming, starting, stopping and ending a run keep within their statements", async () => {
  const store = await openStore(process.cwd(), join(folder, "unstuck.db"));
  const job = await givenJob(store);
  const during = async (work: () => Promise<unknown>) => {
    asked.length = 0;
    await work();
    const commits = asked.filter((sql) => sql === "COMMIT").length;
    return { statements: asked.length, commits };
  };
  let id = "" as Awaited<ReturnType<typeof givenQueued>>["id"];
  const counts = {
    queued: await during(async () => {
      id = (await givenQueued(store, job.id)).id;
    }),
    claimed: await during(() => apply(store, id, CLAIMED)),
    spawned: await during(() => apply(store, id, SPAWNED)),
    stopped: await during(() => apply(store, id, STOP)),
    ended: await during(() => apply(store, id, exited(0))),
  };
  await store.close();
  expect(counts).toEqual({
    queued: { statements: 14, commits: 1 },
    claimed: { statements: 8, commits: 1 },
    spawned: { statements: 7, commits: 1 },
    stopped: { statements: 7, commits: 1 },
    ended: { statements: 8, commits: 1 },
  });
});
