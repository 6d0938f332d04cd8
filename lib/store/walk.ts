import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { nextTurn } from "@/lib/turns";
import type { Run as RunRow } from "./generated/client";
import { OFF_TIME_ID } from "./off-time";
import { toShownRun } from "./rows";
import { runRows } from "./run-rows";
import { allOf, type Sql, sql } from "./sql";
import type { Reads } from "./statements";

/**
 * SQLite works on the event loop. So what may be rare among many is looked for in slices of an index, and others get their turn in
 * between: no statement takes long, however much is passed. The query planner is told the index, since a plan it chose itself may
 * change with what is in the tables. Lists that no row need be passed for are in `lib/store/run-search.ts`.
 */
export type Walk = {
  /** Where the walk goes along, in the order of ids. */
  readonly along: keyof typeof INDEXES;
  /** What the index begins with, as `"fingerprint" = …`. */
  readonly of?: Sql;
  /** The lowest id, which is in the walk; without it, the end of the index. */
  readonly from?: string;
};

const ID = sql`"id"`;

/** What is asked for need not all be in the index, so that each entry may cost a look at its row or its job: then slices are smaller. */
const INDEXES = {
  fingerprint: {
    index: sql`INDEXED BY "Run_fingerprint_id_jobId_state_queuedAt_idx"`,
    id: ID,
    slice: 4_000,
  },
  id: { index: sql`INDEXED BY "sqlite_autoindex_Run_1"`, id: ID, slice: 1_000 },
  offTime: { index: sql`INDEXED BY "Run_offTime_idx"`, id: OFF_TIME_ID, slice: 1_000 },
  unsettled: { index: sql`INDEXED BY "Run_unsettled_id_verdict_state_jobId_idx"`, id: ID, slice: 1_000 },
} as const;

/** Most questions are answered by the newest few; those that are not go on in larger steps. */
const FIRST_SLICE = 500;

/** Runs along an index, to be asked about in one statement: `SELECT … ${from} WHERE ${within}`. `id`: the id as it stands in the index. */
export type Slice = { readonly from: Sql; readonly within: Sql; readonly id: Sql };

/**
 * All runs of a walk below `top`, the newest first, a slice at a time. Others get their turn before the next one is asked for. A slice has one
 * upper and one lower bound: of two SQLite takes either, and goes through all that is between it and the other.
 */
export async function* slicesDown(db: Reads, walk: Walk, top: string): AsyncGenerator<Slice> {
  const { index, id, slice } = INDEXES[walk.along];
  const from = sql`FROM "Run" ${index}`;
  const of = walk.of === undefined ? [] : [walk.of];
  const lowest = walk.from === undefined ? [] : [sql`${id} >= ${walk.from}`];
  for (let below = top, size = FIRST_SLICE; ; size = slice) {
    const whole = allOf([...of, sql`${id} < ${below}`, ...lowest]);
    const floor = db.one<{ id: RunId }>`
      SELECT ${id} AS "id" ${from} WHERE ${whole} ORDER BY ${id} DESC LIMIT 1 OFFSET ${size - 1}`;
    if (floor === null) return yield { from, within: whole, id };
    yield { from, within: allOf([...of, sql`${id} < ${below}`, sql`${id} >= ${floor.id}`]), id };
    below = floor.id;
    await nextTurn();
  }
}

/** The newest `most` runs of a walk below `top` that are as `conditions` say. */
export async function idsDown(
  db: Reads,
  walk: Walk,
  conditions: readonly Sql[],
  top: string,
  most: number,
): Promise<RunId[]> {
  const found: RunId[] = [];
  for await (const { from, within, id } of slicesDown(db, walk, top)) {
    const rows = db.all<{ id: RunId }>`
      SELECT ${id} AS "id" ${from} WHERE ${allOf([within, ...conditions])}
      ORDER BY ${id} DESC LIMIT ${most - found.length}`;
    found.push(...rows.map((row) => row.id));
    if (found.length >= most) break;
  }
  return found;
}

/**
 * The newest `most` runs below `top`, of those that `find` comes upon. Each is read once more under the conditions: what has changed
 * since it was found is not shown.
 * @param find answers up to `wanted` ids below one, the newest first; fewer: there are no more
 * @param read may leave out what cannot be read
 */
export async function runsDown(
  db: Reads,
  find: (below: string, wanted: number) => Promise<readonly RunId[]>,
  conditions: Sql,
  top: string,
  most: number,
  read: (rows: readonly RunRow[]) => Run[] = (rows) => rows.map(toShownRun),
): Promise<Run[]> {
  const runs: Run[] = [];
  for (let below = top; runs.length < most; ) {
    const wanted = most - runs.length;
    const found = await find(below, wanted);
    runs.push(...read(await runRows(db, found, conditions)));
    const last = found.at(-1);
    if (last === undefined || found.length < wanted) break;
    below = last;
  }
  return runs;
}
