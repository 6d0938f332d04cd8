import { describe, expect, test } from "vitest";
import type { RunId } from "@/lib/domain/ids";
import { fromRun } from "@/lib/store/rows";
import { findRun } from "@/lib/store/runs";
import { dropOldUsage, listUsage, saveUsage, saveUsageTotals, thinUsage } from "@/lib/store/usage";
import { aRun, runId, T0 } from "@/test/factories";
import { givenJob, givenRunning, type OpenStore, opened } from "./given";

const MINUTE = 60_000;

const gone = runId("run_00000000000000000000");

export function usageContract(open: OpenStore): void {
  describe("what a run used", () => {
    test("is kept point by point, oldest first, and brings the run's totals up to date without a new version", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const point = (at: number, cpuMs: number, memoryBytes: number, peakBytes: number) => ({
        runId: run.id,
        at: T0 + at,
        cpuMs,
        memoryBytes,
        processes: 2,
        peakBytes,
      });
      await saveUsage(store, [point(MINUTE, 900, 5_000_000_000, 6_000_000_000)]);
      await saveUsage(store, [point(0, 100, 1, 1)]);
      expect(await listUsage(store, run.id)).toEqual([
        { at: T0, cpuMs: 100, memoryBytes: 1, processes: 2 },
        { at: T0 + MINUTE, cpuMs: 900, memoryBytes: 5_000_000_000, processes: 2 },
      ]);
      expect(await findRun(store, run.id)).toMatchObject({
        cpuMs: 900,
        peakMemoryBytes: 6_000_000_000,
        version: run.version,
      });
    });

    test("of a run that is not there any more is nothing, and the others are saved", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      const point = { at: T0, cpuMs: 1, memoryBytes: 1, processes: 1, peakBytes: 1 };
      await saveUsage(store, [
        { ...point, runId: gone },
        { ...point, runId: run.id },
      ]);
      expect(await listUsage(store, gone)).toEqual([]);
      expect(await listUsage(store, run.id)).toHaveLength(1);
    });

    test("in all can be said of one that had no points", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      await saveUsageTotals(store, run.id, { cpuMs: 70, peakBytes: null });
      expect(await findRun(store, run.id)).toMatchObject({ cpuMs: 70, peakMemoryBytes: null });
    });

    test("never grows beyond 1,500 rows: the newest stay a minute apart, the oldest lie ever farther apart", async () => {
      const store = await opened(open);
      const { id } = await givenJob(store);
      const run = await givenRunning(store, id);
      let most = 0;
      for (let half = 0; half < 200; half += 1) {
        const samples = Array.from({ length: 30 }, (_, index) => ({
          runId: run.id,
          at: T0 + (half * 30 + index) * MINUTE,
          cpuMs: half * 30 + index,
          memoryBytes: 1,
          processes: 1,
          peakBytes: 1,
        }));
        await saveUsage(store, samples);
        most = Math.max(most, await store.read.usageSample.count());
        await thinUsage(store);
      }
      expect(most).toBeLessThanOrEqual(1_500);
      const rows = await listUsage(store, run.id);
      const gaps = rows.slice(1).map((row, index) => (row.at - (rows[index]?.at ?? 0)) / MINUTE);
      expect(gaps.slice(-359).every((gap) => gap === 1)).toBe(true);
      expect(gaps.slice(0, 10).every((gap) => gap >= 4)).toBe(true);
      expect(rows.at(-1)?.at).toBe(T0 + (200 * 30 - 1) * MINUTE);
      expect(rows.length).toBeGreaterThan(700);
    });

    test("CR-6.8 of a run that ended 30 days ago only the totals are left, whatever else there is", async () => {
      const store = await opened(open);
      const now = T0 + 40 * 86_400_000;
      const point = { at: T0, cpuMs: 5, memoryBytes: 1, processes: 1, peakBytes: 7 };
      const { id } = await givenJob(store);
      const live = await givenRunning(store, id);
      const recent = aRun("completed", { jobId: id, endedAt: now - MINUTE });
      const old = Array.from({ length: 60 }, () => aRun("completed", { jobId: id }));
      await store.write((tx) =>
        tx.run.createMany({ data: [...old, recent].map((run) => fromRun(run, false)) }),
      );
      const series = (run: RunId) =>
        Array.from({ length: 30 }, (_, minute) => ({ ...point, at: T0 + minute * MINUTE, runId: run }));
      await saveUsage(store, [live.id, recent.id, ...old.map((run) => run.id)].flatMap(series));
      await dropOldUsage(store, now);
      const left = await store.read.usageSample.findMany({ distinct: ["runId"], select: { runId: true } });
      expect(left.map(({ runId }) => runId)).toEqual([live.id, recent.id]);
      expect(await findRun(store, old[0]?.id ?? gone)).toMatchObject({ cpuMs: 5, peakMemoryBytes: 7 });
    });
  });
}
