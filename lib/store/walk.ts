import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import type { Run as RunRow } from "./generated/client";
import { toShownRun } from "./rows";
import { runRows } from "./run-rows";
import { allOf, type Sql, sql } from "./sql";
import type { Reads } from "./statements";

/**
 * SQLite works on the event loop. So what is looked for among all runs is looked for in slices of an index that holds every column
 * the conditions name, and others get their turn in between: no statement takes long, however long the history and however rare
 * what is asked for. The query planner is told the index, since a plan it chose itself may change with what is in the tables.
 */
export type Walk = {
  /** Where the walk goes along, in order of ids. */
  readonly along: keyof typeof INDEXES;
  /** What the index begins with, as `"jobId" = …`; null: it begins with the id. */
  readonly of: Sql | null;
  readonly conditions: readonly Sql[];
};

const INDEXES = {
  all: sql`INDEXED BY "Run_id_jobId_state_queuedAt_idx"`,
  job: sql`INDEXED BY "Run_jobId_id_state_queuedAt_idx"`,
  state: sql`INDEXED BY "Run_state_id_jobId_queuedAt_idx"`,
  fingerprint: sql`INDEXED BY "Run_fingerprint_id_jobId_state_queuedAt_idx"`,
  unsettled: sql`INDEXED BY "Run_unsettled_id_verdict_state_jobId_idx"`,
} as const;

/** Most questions are answered by the newest few; those that are not go on in larger steps. */
const FIRST_SLICE = 500;
/** What is asked of unsettled runs is not all in their index, so each of them may cost a look at its row or its job. */
const SLICE = { all: 4_000, job: 4_000, state: 4_000, fingerprint: 4_000, unsettled: 1_000 } as const;
const BEYOND_ALL = "run_~";

/** Runs along an index, to be asked about in one statement: `SELECT … ${from} WHERE ${within}`. */
export type Slice = { readonly from: Sql; readonly within: Sql };

/** All runs of a walk below `before`, the newest first, a slice at a time. Others get their turn before the next one is asked for. */
export async function* slicesDown(
  db: Reads,
  walk: Omit<Walk, "conditions">,
  before: string | null,
): AsyncGenerator<Slice> {
  const from = sql`FROM "Run" ${INDEXES[walk.along]}`;
  const of = walk.of === null ? [] : [walk.of];
  for (let top = before ?? BEYOND_ALL, size = FIRST_SLICE; ; size = SLICE[walk.along]) {
    const below = [...of, sql`"id" < ${top}`];
    const floor = db.one<{ id: RunId }>`
      SELECT "id" ${from} WHERE ${allOf(below)} ORDER BY "id" DESC LIMIT 1 OFFSET ${size - 1}`;
    if (floor === null) return yield { from, within: allOf(below) };
    yield { from, within: allOf([...below, sql`"id" >= ${floor.id}`]) };
    top = floor.id;
    await nextTurn();
  }
}

/** The ids of the newest `most` runs below `before`, newest first. */
export async function idsDown(
  db: Reads,
  walk: Walk,
  before: string | null,
  most: number,
): Promise<readonly RunId[]> {
  const found: RunId[] = [];
  for await (const { from, within } of slicesDown(db, walk, before)) {
    const rows = db.all<{ id: RunId }>`
      SELECT "id" ${from} WHERE ${allOf([within, ...walk.conditions])}
      ORDER BY "id" DESC LIMIT ${most - found.length}`;
    found.push(...rows.map(({ id }) => id));
    if (found.length >= most) break;
  }
  return found;
}

/**
 * The newest `most` runs below `before` that any of the walks comes upon. Each is read once more under the conditions: what has
 * changed since its id was found is not shown.
 * @param read may leave out what cannot be read
 */
export async function runsDown(
  db: Reads,
  walks: readonly Walk[],
  before: string | null,
  most: number,
  read: (rows: readonly RunRow[]) => Run[] = (rows) => rows.map(toShownRun),
): Promise<Run[]> {
  const runs: Run[] = [];
  for (let top = before; runs.length < most; ) {
    const wanted = most - runs.length;
    const found: RunId[] = [];
    for (const walk of walks) found.push(...(await idsDown(db, walk, top, wanted)));
    const ids = found.sort().reverse().slice(0, wanted);
    if (ids.length === 0) break;
    const still = walks.map(
      ({ of, conditions }) => sql`(${allOf([...(of === null ? [] : [of]), ...conditions])})`,
    );
    runs.push(...read(await runRows(db, ids, anyCondition(still))));
    if (ids.length < wanted) break;
    top = ids.at(-1) ?? null;
  }
  return runs;
}

function anyCondition(conditions: readonly Sql[]): Sql {
  return conditions.reduce((all, one) => sql`(${all} OR ${one})`);
}
