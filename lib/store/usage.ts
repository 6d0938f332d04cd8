import type { RunId } from "@/lib/domain/ids";
import type { Store } from "./transaction";

/** Of one run: at most this many rows when thinning is due, the newest of which stay as they are. */
const MOST_ROWS = 1_440;
const UNTOUCHED_ROWS = 360;

export type UsageRow = {
  readonly at: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly processes: number;
};

/** Adds a point for each of many runs and brings their totals up to date, in one transaction. Totals only grow. */
export async function saveUsage(
  store: Store,
  samples: readonly (UsageRow & { readonly runId: RunId; readonly peakBytes: number })[],
): Promise<void> {
  if (samples.length === 0) return;
  const json = JSON.stringify(samples);
  await store.write(async (tx) => {
    await tx.$executeRaw`
      INSERT OR REPLACE INTO "UsageSample" ("runId", "at", "cpuMs", "memoryBytes", "processes")
      SELECT one.value ->> 'runId', one.value ->> 'at', one.value ->> 'cpuMs', one.value ->> 'memoryBytes',
        one.value ->> 'processes'
      FROM json_each(${json}) AS one WHERE EXISTS (SELECT 1 FROM "Run" WHERE "id" = one.value ->> 'runId')`;
    await tx.$executeRaw`
      UPDATE "Run" SET "cpuMs" = max(coalesce("cpuMs", 0), one.value ->> 'cpuMs'),
        "peakMemoryBytes" = max(coalesce("peakMemoryBytes", 0), one.value ->> 'peakBytes')
      FROM json_each(${json}) AS one WHERE "Run"."id" = one.value ->> 'runId'`;
  });
}

/** What a run used in all, for one that ended before any point of it was taken, or after the last. */
export async function saveUsageTotals(
  store: Store,
  runId: RunId,
  totals: { readonly cpuMs: number | null; readonly peakBytes: number | null },
): Promise<void> {
  await store.write(
    (tx) => tx.$executeRaw`
      UPDATE "Run" SET "cpuMs" = ${totals.cpuMs}, "peakMemoryBytes" = ${totals.peakBytes} WHERE "id" = ${runId}`,
  );
}

/**
 * Halves the resolution of what is old in series that have grown long: every second row beyond the newest goes. Done again and
 * again, the older a time the fewer its points.
 */
export async function thinUsage(store: Store): Promise<void> {
  await store.write(
    (tx) => tx.$executeRaw`
      DELETE FROM "UsageSample" WHERE ("runId", "at") IN (
        SELECT "runId", "at" FROM (
          SELECT "runId", "at", row_number() OVER (PARTITION BY "runId" ORDER BY "at" DESC) AS age
          FROM "UsageSample" WHERE "runId" IN (
            SELECT "runId" FROM "UsageSample" GROUP BY "runId" HAVING count(*) > ${MOST_ROWS})
        ) WHERE age > ${UNTOUCHED_ROWS} AND age % 2 = 0)`,
  );
}

/** Oldest first. */
export async function listUsage(store: Store, runId: RunId): Promise<UsageRow[]> {
  const rows = await store.read.usageSample.findMany({ where: { runId }, orderBy: { at: "asc" } });
  return rows.map(({ at, cpuMs, memoryBytes, processes }) => ({
    at: at.getTime(),
    cpuMs: Number(cpuMs),
    memoryBytes: Number(memoryBytes),
    processes,
  }));
}
