import { expect, test } from "vitest";
import { aRun, jobId, T0 } from "@/test/factories";
import { listStuck } from "./list-stuck";

test("a run that ends between the two reads of the list is on it once, as ended", async () => {
  const overdue = aRun("stopping", { jobId: jobId("shop") });
  const ended = { ...aRun("interrupted", { jobId: jobId("shop") }), id: overdue.id };
  const stuck = await listStuck(
    {
      now: () => T0 + 100 * 3_600_000,
      live: () => null,
      readState: async () => ({ found: "none", path: null }),
      listUnfinished: async () => [overdue],
      listUnsettled: async () => [ended],
      countUnsettled: async () => ({
        resumable: 0,
        complete: 0,
        dead: 0,
        unknown: 0,
        superseded: 0,
        unread: 1,
      }),
      newestAmong: async (ids) => new Set(ids),
      saveVerdicts: async () => undefined,
      lastStuckCheck: async () => null,
    },
    { ageMs: null, job: null, tag: null, limit: 50, cursor: null },
  );
  expect(stuck.items.map(({ seen }) => [seen.run.id, seen.run.state])).toEqual([[overdue.id, "interrupted"]]);
});
