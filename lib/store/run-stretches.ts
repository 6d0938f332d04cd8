import type { JobId, RunId } from "@/lib/domain/ids";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { RUN_STATES, type RunState } from "@/lib/domain/run";
import { allOf, anyOf, type Sql, sql, unionOf } from "./sql";
import type { Reads } from "./statements";

/**
 * Where the runs stand that a list asks for. Each state, and each state of a job, has a stretch of an index to itself, in the order of
 * ids. So a list is such stretches merged, and its cost is what it shows, whatever else there is.
 */

/** Ids from `from` on and below `below`, and of these the runs of a time. */
export type Range = Pick<RunFilter, "since" | "until"> & { readonly below: string; readonly from: string };
/** `jobId` null: of all jobs. */
export type Stretches = { readonly jobId: JobId | null; readonly states: readonly RunState[] };
export type OfJob = { readonly id: RunId; readonly jobId: JobId };

export function lower(one: string, other: string): string {
  return one < other ? one : other;
}

/** What a run that was found has to be still when it is shown. Whether it has the text cannot change with it. */
export function conditionsOf({ jobId, jobs, states, since, until, fingerprint }: RunFilter): Sql {
  return allOf([
    ...(jobs === undefined ? [] : [sql`"jobId" IN ${anyOf(jobs)}`]),
    ...(jobId === null ? [] : [sql`"jobId" = ${jobId}`]),
    ...(states === null ? [] : [sql`"state" IN ${anyOf(states)}`]),
    ...ofTime({ since, until }),
    ...(fingerprint === null ? [] : [sql`"fingerprint" = ${fingerprint}`]),
  ]);
}

function ofTime({ since, until }: Pick<RunFilter, "since" | "until">): Sql[] {
  return [
    ...(since === null ? [] : [sql`"queuedAt" >= ${since}`]),
    ...(until === null ? [] : [sql`"queuedAt" < ${until}`]),
  ];
}

export function stretchesOf(db: Reads, { jobId, states }: RunFilter): Stretches {
  const all = () => [...new Set([...RUN_STATES, ...statesThere(db)])];
  return { jobId, states: states === null ? all() : [...new Set(states)] };
}

/** Also what a damaged row has for a state: its run is shown, as unreadable. One step in the index for each. */
function statesThere(db: Reads): RunState[] {
  const index = sql`INDEXED BY "Run_state_id_jobId_queuedAt_idx"`;
  const rows = db.all<{ state: RunState }>`
    WITH RECURSIVE "there" ("state") AS (
      SELECT (SELECT "state" FROM "Run" ${index} WHERE "Run"."state" > '' ORDER BY "state" LIMIT 1)
      UNION ALL
      SELECT (SELECT "state" FROM "Run" ${index} WHERE "Run"."state" > "there"."state" ORDER BY "state" LIMIT 1) FROM "there"
      WHERE "there"."state" IS NOT NULL)
    SELECT "state" FROM "there" WHERE "state" IS NOT NULL`;
  return rows.map(({ state }) => state);
}

export function within({ from, since, until, ...range }: Range, below: Sql = sql`${range.below}`): Sql {
  return allOf([sql`"id" < ${below}`, sql`"id" >= ${from}`, ...ofTime({ since, until })]);
}

/** The newest of some stretches. SQLite merges them while it reads them, so it reads little more than it answers. */
export function merged(db: Reads, { jobId, states }: Stretches, range: Range, most: number): OfJob[] {
  if (states.length === 0) return [];
  const along =
    jobId === null
      ? sql`INDEXED BY "Run_state_id_jobId_queuedAt_idx" WHERE`
      : sql`INDEXED BY "Run_jobId_state_id_queuedAt_idx" WHERE "jobId" = ${jobId} AND`;
  const selects = states.map(
    (state) => sql`SELECT "id", "jobId" FROM "Run" ${along} "state" = ${state} AND ${within(range)}`,
  );
  return db.all<OfJob>`${unionOf(selects)} ORDER BY "id" DESC LIMIT ${most}`;
}
