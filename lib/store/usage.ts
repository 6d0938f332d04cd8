import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import type { UsageRow } from "@/lib/domain/ports/runs";
import { anyOf } from "./sql";
import type { Store } from "./transaction";

/** Of one run: at most this many rows when thinning is due, the newest of which stay as they are. */
const MOST_ROWS = 1_440;
const UNTOUCHED_ROWS = 360;

/** Adds a point for each of many runs and brings their totals up to date, in one transaction. Totals only grow. */
export async function saveUsage(
  store: Store,
  samples: readonly (UsageRow & { readonly runId: RunId; readonly peakBytes: number })[],
): Promise<void> {
  if (samples.length === 0) return;
  const json = JSON.stringify(samples);
  await store.change((db) => {
    db.change`
      INSERT OR REPLACE INTO "UsageSample" ("runId", "at", "cpuMs", "memoryBytes", "processes")
      SELECT one.value ->> 'runId', one.value ->> 'at', one.value ->> 'cpuMs', one.value ->> 'memoryBytes',
        one.value ->> 'processes'
      FROM json_each(${json}) AS one WHERE EXISTS (SELECT 1 FROM "Run" WHERE "id" = one.value ->> 'runId')`;
    db.change`
      UPDATE "Run" SET "cpuMs" = max(coalesce("cpuMs", 0), one.value ->> 'cpuMs'),
        "peakMemoryBytes" = max(coalesce("peakMemoryBytes", 0), one.value ->> 'peakBytes')
      FROM json_each(${json}) AS one WHERE "Run"."id" = one.value ->> 'runId'
        AND ("cpuMs" IS NULL OR "peakMemoryBytes" IS NULL
          OR "cpuMs" < one.value ->> 'cpuMs' OR "peakMemoryBytes" < one.value ->> 'peakBytes')`;
  });
}

/** What a run used in all, for one that ended before any point of it was taken, or after the last. */
export async function saveUsageTotals(
  store: Store,
  runId: RunId,
  totals: { readonly cpuMs: number | null; readonly peakBytes: number | null },
): Promise<void> {
  await store.change(
    (db) => db.change`
      UPDATE "Run" SET "cpuMs" = ${totals.cpuMs}, "peakMemoryBytes" = ${totals.peakBytes} WHERE "id" = ${runId}`,
  );
}

/** Of a run that has been over for so long only its totals are kept, not its series. */
export const SERIES_KEPT_MS = 30 * 86_400_000;
const ROWS_AT_ONCE = 1_000;
const RUNS_AT_ONCE = 50;

/**
 * Halves the resolution of what is old in series that have grown long: every second row beyond the newest goes. Done again and
 * again, the older a time the fewer its points. Only what still runs can have grown.
 */
export async function thinUsage(store: Store): Promise<void> {
  const active = store.look.all<{ id: RunId }>`SELECT "id" FROM "Run" WHERE "activeKey" > ''`;
  for (const { id } of active) {
    await nextTurn();
    const tooMany = store.look.one`
      SELECT 1 FROM "UsageSample" WHERE "runId" = ${id} LIMIT 1 OFFSET ${MOST_ROWS}`;
    if (tooMany === null) continue;
    await store.write(
      (tx) => tx.$executeRaw`
        DELETE FROM "UsageSample" WHERE "runId" = ${id} AND "at" IN (
          SELECT "at" FROM (
            SELECT "at", row_number() OVER (ORDER BY "at" DESC) AS age FROM "UsageSample" WHERE "runId" = ${id}
          ) WHERE age > ${UNTOUCHED_ROWS} AND age % 2 = 0)`,
    );
  }
}

/** Drops the series of runs that ended long ago, oldest first, in pages. */
export async function dropOldUsage(store: Store, now: number): Promise<void> {
  for (let after: string | null = ""; after !== null; ) {
    const { old, next } = await oldSeries(store, after, now - SERIES_KEPT_MS);
    for (let dropped = ROWS_AT_ONCE; old.length > 0 && dropped === ROWS_AT_ONCE; ) {
      await nextTurn();
      dropped = await store.write(
        (tx) => tx.$executeRaw`
          DELETE FROM "UsageSample" WHERE rowid IN (
            SELECT rowid FROM "UsageSample" WHERE "runId" IN ${anyOf(old)} LIMIT ${ROWS_AT_ONCE})`,
      );
    }
    after = next;
  }
}

/** The next few runs that have a series and ended before that. `next`: where to go on; null: what follows is younger. */
async function oldSeries(store: Store, after: string, endedBefore: number) {
  const old: RunId[] = [];
  for (let last = after; old.length < RUNS_AT_ONCE; ) {
    // A step along the primary key, whatever the number of points. Ids sort by time, so the first young run is the end.
    const [run] = await store.read.$queryRaw<{ id: RunId; queuedAt: Date; endedAt: Date | null }[]>`
      SELECT "id", "queuedAt", "endedAt" FROM "Run"
      WHERE "id" = (SELECT min("runId") FROM "UsageSample" WHERE "runId" > ${last})`;
    if (run === undefined || run.queuedAt.getTime() >= endedBefore) return { old, next: null };
    if (run.endedAt !== null && run.endedAt.getTime() < endedBefore) old.push(run.id);
    last = run.id;
    if (old.length === RUNS_AT_ONCE) return { old, next: last };
    await nextTurn();
  }
  return { old, next: null };
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
