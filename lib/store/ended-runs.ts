import type { Surroundings } from "@/lib/domain/deletion";
import type { JobId, RunId } from "@/lib/domain/ids";
import { type FinalState, isFinal, RUN_STATES, type Run } from "@/lib/domain/run";
import { nextTurn } from "@/lib/turns";
import type { Run as RunRow } from "./generated/client";
import { BOTTOM, idsOfTime, TOP } from "./off-time";
import { toRun, toShownRun } from "./rows";
import { startedFrom } from "./run-deletion";
import { runRows } from "./run-rows";
import { anyOf, sql, unionOf } from "./sql";
import type { Reads } from "./statements";
import { readable } from "./stored";
import type { Store } from "./transaction";
import { idsDown } from "./walk";

type Ended = { readonly jobId: JobId; readonly endedBefore: number; readonly states: readonly FinalState[] };

/** Runs of a job that ended before a moment, oldest first. `after`: the id the page before ended with. */
export async function listEnded(
  store: Store,
  filter: Ended,
  page: { readonly after: string | null; readonly limit: number },
): Promise<(Surroundings & { readonly run: Run })[]> {
  const rows: RunRow[] = [];
  let after: string | null = page.after ?? BOTTOM;
  while (after !== null && rows.length < page.limit) {
    const wanted = page.limit - rows.length;
    const found: RunId[] = await queuedBefore(store.look, filter, after, wanted);
    const ended = sql`"activeKey" IS NULL AND "endedAt" < ${filter.endedBefore}`;
    rows.push(...(await runRows(store.look, found, ended)));
    after = found.length < wanted ? null : (found.at(-1) ?? null);
    await nextTurn();
  }
  return withSurroundings(store, rows);
}

/** What was queued later has not ended before. Of what was queued before, all but the last of a job have ended as a rule. */
async function queuedBefore(
  db: Reads,
  { jobId, endedBefore, states: asked }: Ended,
  after: string,
  most: number,
): Promise<RunId[]> {
  const states = asked.length === 0 ? RUN_STATES.filter(isFinal) : [...new Set(asked)];
  const { below } = idsOfTime({ since: null, until: endedBefore });
  const selects = states.map(
    (state) => sql`
      SELECT "id" FROM "Run" INDEXED BY "Run_jobId_state_id_queuedAt_idx" WHERE "jobId" = ${jobId} AND "state" = ${state}
        AND "id" > ${after} AND "id" < ${below} AND "queuedAt" < ${endedBefore}`,
  );
  const rows = db.all<{ id: RunId }>`${unionOf(selects)} ORDER BY "id" LIMIT ${most}`;
  const found = rows.map(({ id }) => id);
  if (found.length >= most) return found;
  const from = after > below ? after : below;
  const others = [
    sql`"jobId" = ${jobId}`,
    sql`"state" IN ${anyOf(states)}`,
    sql`"queuedAt" < ${endedBefore}`,
  ];
  const off = await idsDown(db, { along: "offTime", from }, others, TOP, Number.MAX_SAFE_INTEGER);
  const upwards = off.reverse().filter((id) => id > after);
  return [...found, ...upwards].slice(0, most);
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
