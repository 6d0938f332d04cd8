import { expect, test } from "vitest";
import { LimitList } from "@/lib/contracts/limit";
import { LockPage, MAX_WAITING_SHOWN } from "@/lib/contracts/lock";
import { aContext } from "@/test/a-context";
import { expectAsPromised } from "@/test/as-promised";
import { aRun, jobId, T0 } from "@/test/factories";
import { readLimits, readLocks } from "./locks";

const using = (state: "queued" | "running", id: string) => {
  const run = aRun(state, { jobId: jobId(id) });
  return { ...run, spec: { ...run.spec, locks: ["shop"], tags: ["shop"] } };
};
const holder = using("running", "a");

test("a lock is shown as people write it, with who holds it and who waits for it", async () => {
  const waiting = using("queued", "b");
  const page = await readLocks({ limit: 9 }, aContext({ runs: [holder, waiting] }));
  expectAsPromised(LockPage, page);
  expect(page.items).toMatchObject([
    { name: "job:a", kind: "own", holder: { run: holder.id, job: "a", state: "running", pid: 4_001 } },
    {
      name: "shop",
      kind: "shared",
      fence: 1,
      acquiredAt: "2026-01-01T00:00:00.000Z",
      waiting: [{ run: waiting.id, job: "b", waitingFor: expect.stringContaining("shop") }],
      waitingCount: 1,
    },
  ]);
});

test("of a long line the first are shown, and all are counted", async () => {
  const line = Array.from({ length: MAX_WAITING_SHOWN + 2 }, (_, at) => using("queued", `w${at}`));
  const { items } = await readLocks({ kind: "shared", limit: 9 }, aContext({ runs: [holder, ...line] }));
  expect(items[0]?.waiting).toHaveLength(MAX_WAITING_SHOWN);
  expect(items[0]?.waitingCount).toBe(MAX_WAITING_SHOWN + 2);
});

test("a page of locks ends where the next one begins", async () => {
  const ctx = aContext({ runs: [holder], at: T0 });
  const first = await readLocks({ limit: 1 }, ctx);
  expect(first).toMatchObject({ items: [{ name: "job:a" }], nextCursor: "job:a" });
  expect(await readLocks({ limit: 1, cursor: "job:a" }, ctx)).toMatchObject({
    items: [{ name: "shop" }],
    nextCursor: null,
  });
});

test("limits are shown with what they count and who waits for a place", async () => {
  const waiting = { ...using("queued", "b"), spec: { ...holder.spec, locks: [] } };
  const tables = { limits: new Map([["tag:shop", 1]]) };
  const list = await readLimits(aContext({ runs: [holder], tables }));
  expectAsPromised(LimitList, list);
  expect(list).toEqual({
    items: [{ name: "tag:shop", maxRuns: 1, active: 1, waiting: [], waitingCount: 0 }],
  });
  const ctx = aContext({ runs: [holder, waiting], tables });
  await ctx.setLimit({ name: "tag:shop", maxRuns: 1 }, { actor: "operator", action: "limit.set" }, T0);
  expect((await readLimits(ctx)).items).toMatchObject([{ waiting: [{ run: waiting.id }], waitingCount: 1 }]);
});
