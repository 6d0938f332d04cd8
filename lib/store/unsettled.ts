import type { RunId } from "@/lib/domain/ids";
import type { KeptVerdict, UnsettledFilter } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import { TOP } from "./off-time";
import { toRun } from "./rows";
import { allOf, anyOf, type Sql, sql } from "./sql";
import { readable } from "./stored";
import type { Store } from "./transaction";
import { idsDown, runsDown, slicesDown } from "./walk";

/** All of these walks go along the index of what is unsettled, so they cost that, whatever the history. */
const UNSETTLED = { along: "unsettled", of: sql`"unsettled" = TRUE` } as const;

/**
 * Runs that did not end well and that need a decision, newest first: every interrupted one, and of the failed and timed
 * out ones those that, as last read, may be resumed.
 * @param page `before`: the id the page before ended with
 * @returns up to `limit` + 1, so that the caller sees whether there is more
 */
export function listUnsettled(store: Store, filter: UnsettledFilter, page: Page): Promise<Run[]> {
  return walkDown(store, conditionsOf(filter), page.before, page.limit + 1);
}

/** Those not read since they ended, newest first; up to `limit`. */
export function listUnread(store: Store, page: Page): Promise<Run[]> {
  return walkDown(store, [sql`"verdict" IS NULL`], page.before, page.limit);
}

function walkDown(store: Store, conditions: readonly Sql[], before: string | null, most: number) {
  const find = (below: string, wanted: number) => idsDown(store.look, UNSETTLED, conditions, below, wanted);
  const still = allOf([UNSETTLED.of, ...conditions]);
  return runsDown(store.look, find, still, before ?? TOP, most, (rows) => readable(rows, toRun));
}

type Page = { readonly before: string | null; readonly limit: number };

/**
 * How many there are of each verdict as last read; `unread`: of those not read since they ended; `superseded`: of those a
 * newer run of their job stands before, which count as nothing else. Counted a slice at a time, so what changes meanwhile may be
 * counted as it was or as it is.
 */
export async function countUnsettled(
  store: Store,
  filter: UnsettledFilter,
): Promise<Readonly<Record<RecoveryVerdict | "unread" | "superseded", number>>> {
  const counts = { resumable: 0, dead: 0, complete: 0, unknown: 0, unread: 0, superseded: 0 };
  for await (const { from, within } of slicesDown(store.look, UNSETTLED, TOP)) {
    const groups = store.look.all<{ counted: keyof typeof counts; many: bigint }>`
      SELECT CASE
        WHEN NOT EXISTS (SELECT 1 FROM "Job" WHERE "Job"."newestRunId" = "Run"."id") THEN 'superseded'
        ELSE coalesce("verdict", 'unread') END AS "counted", count(*) AS "many"
      ${from} WHERE ${allOf([within, ...conditionsOf(filter)])} GROUP BY "counted"`;
    for (const { counted, many } of groups) counts[counted] += Number(many);
  }
  return counts;
}

/** Which of these runs are the newest of their jobs. */
export async function newestAmong(store: Store, ids: readonly RunId[]): Promise<ReadonlySet<RunId>> {
  const jobs = store.look.all<{ newestRunId: RunId }>`
    SELECT "newestRunId" FROM "Job" WHERE "newestRunId" IN ${anyOf(ids)}`;
  return new Set(jobs.map(({ newestRunId }) => newestRunId));
}

/** What was read of their checkpoints. Not a state change, so no version moves. */
export async function saveVerdicts(store: Store, verdicts: readonly KeptVerdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await store.change(
    (db) =>
      db.change`
      UPDATE "Run" SET "verdict" = said.value ->> 'verdict', "verdictAt" = said.value ->> 'at',
        "resumeFrom" = said.value ->> 'resumeFrom'
      FROM json_each(${JSON.stringify(verdicts)}) AS said
      WHERE "Run"."id" = said.value ->> 'runId'`,
  );
}

function conditionsOf({ olderThan = null, jobs = null, tags = null }: UnsettledFilter): Sql[] {
  return [
    sql`("Run"."state" = 'interrupted' OR "Run"."verdict" = 'resumable' OR "Run"."verdict" IS NULL)`,
    ...(olderThan === null ? [] : [sql`coalesce("Run"."startedAt", "Run"."queuedAt") < ${olderThan}`]),
    // The plus keeps the database from going by the index of jobs, which holds their whole history.
    ...(jobs === null ? [] : [sql`+"Run"."jobId" IN ${anyOf(jobs)}`]),
    ...(tags === null
      ? []
      : [
          sql`EXISTS (SELECT 1 FROM "Job", json_each("Job"."tags") AS tag
            WHERE "Job"."id" = "Run"."jobId" AND json_valid("Job"."tags") AND tag.value IN ${anyOf(tags)})`,
        ]),
  ];
}
