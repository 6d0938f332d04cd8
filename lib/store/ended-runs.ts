import { setImmediate as nextTurn } from "node:timers/promises";
import type { Surroundings } from "@/lib/domain/deletion";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { FinalState, Run } from "@/lib/domain/run";
import type { Run as RunRow } from "./generated/client";
import { toRun, toShownRun } from "./rows";
import { startedFrom } from "./run-deletion";
import { runRows } from "./run-rows";
import { allOf, anyOf, sql } from "./sql";
import { readable } from "./stored";
import type { Store } from "./transaction";

/** So many runs are passed by at once: the process answers others in between. */
const SLICE = 2_000;

type Ended = { readonly jobId: JobId; readonly endedBefore: number; readonly states: readonly FinalState[] };

/** Runs of a job that ended before a moment, oldest first. `after`: the id the page before ended with. */
export async function listEnded(
  store: Store,
  filter: Ended,
  page: { readonly after: string | null; readonly limit: number },
): Promise<(Surroundings & { readonly run: Run })[]> {
  const rows: RunRow[] = [];
  for (let after = page.after ?? ""; ; await nextTurn()) {
    const { found, next } = await slice(store, filter, after, page.limit - rows.length);
    rows.push(...(await runRows(store.look, found)));
    if (next === null || rows.length >= page.limit) return withSurroundings(store, rows);
    after = next;
  }
}

async function slice(store: Store, { jobId, endedBefore, states }: Ended, after: string, limit: number) {
  const from = sql`FROM "Run" INDEXED BY "Run_jobId_id_state_queuedAt_idx" WHERE "jobId" = ${jobId} AND "id" > ${after}`;
  const [last] = await store.read.$queryRaw<{ id: RunId }[]>`
    SELECT "id" ${from} ORDER BY "id" LIMIT 1 OFFSET ${SLICE - 1}`;
  const conditions = [
    // What was queued later has not ended before; that stands in the index, so the young are passed by quickly.
    sql`"queuedAt" < ${endedBefore} AND "activeKey" IS NULL AND "endedAt" < ${endedBefore}`,
    ...(states.length === 0 ? [] : [sql`"state" IN ${anyOf(states)}`]),
    ...(last === undefined ? [] : [sql`"id" <= ${last.id}`]),
  ];
  const found = await store.read.$queryRaw<{ id: RunId }[]>`
    SELECT "id" ${from} AND ${allOf(conditions)} ORDER BY "id" LIMIT ${limit}`;
  return { found: found.map(({ id }) => id), next: last?.id ?? null };
}

async function withSurroundings(store: Store, rows: readonly RunRow[]) {
  const lineages = anyOf([...new Set(rows.map(({ lineageId }) => lineageId))]);
  const open = await store.read.$queryRaw<{ lineageId: string }[]>`
    SELECT DISTINCT "lineageId" FROM "Run"
    WHERE "lineageId" IN ${lineages} AND ("unsettled" = TRUE OR "activeKey" IS NOT NULL)`;
  // A run that was adopted belongs to the lineage of the run whose processes it was made of.
  const adopted = await store.read.$queryRaw<{ id: string; trigger: string; spec: string }[]>`
    SELECT "id", "trigger", "spec" FROM "Run" WHERE "lineageId" IN ${lineages} AND "trigger" = 'adopt'`;
  const newest = await store.read.$queryRaw<{ newestRunId: string }[]>`
    SELECT "newestRunId" FROM "Job" WHERE "newestRunId" IN ${anyOf(rows.map(({ id }) => id))}`;
  const isOpen = new Set(open.map(({ lineageId }) => lineageId));
  const isNewest = new Set(newest.map(({ newestRunId }) => newestRunId));
  const adoptedAs = startedFrom(adopted);
  return rows.map((row) => ({
    // A row that cannot be read is on the list with that as its reason; its deletion fails by itself.
    run: toShownRun(row),
    lineageOpen: isOpen.has(row.lineageId),
    isNewest: isNewest.has(row.id),
    adoptedAs: adoptedAs.get(row.id) ?? null,
  }));
}

/** Those of these runs that there are, oldest first. */
export async function findRuns(store: Store, ids: readonly RunId[]): Promise<Run[]> {
  const sorted = [...new Set(ids)].sort();
  return readable(await runRows(store.look, sorted), toRun);
}
