import type { JobId, RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import type { Run as RunRow } from "./generated/client";
import { readable, toRun } from "./rows";
import { allOf, anyOf, type Sql, sql } from "./sql";
import type { Store } from "./transaction";

export type UnsettledFilter = {
  /** Started (or asked for, if it never started) before this moment, epoch milliseconds. */
  readonly olderThan?: number | null;
  readonly jobs?: readonly JobId[] | null;
  /** Runs that carry one of these. */
  readonly tags?: readonly string[] | null;
};

/**
 * Runs that did not end well and about which nobody has decided, newest first: every interrupted one, and of the failed and timed
 * out ones those that, as last read, may be resumed. Costs what is unsettled, whatever the history.
 * @param page `before`: the id the page before ended with
 * @returns up to `limit` + 1, so that the caller sees whether there is more
 */
export async function listUnsettled(
  store: Store,
  filter: UnsettledFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<Run[]> {
  const { before, limit } = page;
  const conditions = [...conditionsOf(filter), ...(before === null ? [] : [sql`"Run"."id" < ${before}`])];
  const rows = await store.read.$queryRaw<RunRow[]>`
    SELECT * FROM "Run" WHERE "id" IN (
      SELECT "Run"."id" FROM "Run" INDEXED BY "Run_unsettled_id_verdict_state_jobId_idx"
      WHERE ${allOf(conditions)} ORDER BY "Run"."id" DESC LIMIT ${limit + 1}) ORDER BY "id" DESC`;
  return readable(rows, toRun);
}

/** Those nobody has looked at since they ended, oldest first. `after`: the id the page before ended with. */
export async function listUnread(
  store: Store,
  page: { readonly after: string; readonly limit: number },
): Promise<Run[]> {
  const rows = await store.read.run.findMany({
    where: { unsettled: true, verdict: null, id: { gt: page.after } },
    orderBy: { id: "asc" },
    take: page.limit,
  });
  return readable(rows, toRun);
}

/**
 * How many there are of each verdict as last read; `unread`: of those nobody has looked at since they ended; `superseded`: of those a
 * newer run of their job stands before, which count as nothing else.
 */
export async function countUnsettled(
  store: Store,
  filter: UnsettledFilter,
): Promise<Readonly<Record<RecoveryVerdict | "unread" | "superseded", number>>> {
  const groups = await store.read.$queryRaw<{ counted: string; many: number | bigint }[]>`
    SELECT CASE
      WHEN NOT EXISTS (SELECT 1 FROM "Job" WHERE "Job"."newestRunId" = "Run"."id") THEN 'superseded'
      ELSE coalesce("verdict", 'unread') END AS "counted", count(*) AS "many"
    FROM "Run" WHERE ${allOf(conditionsOf(filter))} GROUP BY "counted"`;
  const counts = { resumable: 0, dead: 0, complete: 0, unknown: 0, unread: 0, superseded: 0 };
  for (const { counted, many } of groups) {
    counts[counted as keyof typeof counts] += Number(many);
  }
  return counts;
}

/** Which of these runs are the newest of their jobs. */
export async function newestAmong(store: Store, ids: readonly RunId[]): Promise<ReadonlySet<RunId>> {
  const jobs = await store.read.$queryRaw<{ newestRunId: RunId }[]>`
    SELECT "newestRunId" FROM "Job" WHERE "newestRunId" IN ${anyOf(ids)}`;
  return new Set(jobs.map(({ newestRunId }) => newestRunId));
}

export type KeptVerdict = {
  readonly runId: RunId;
  readonly verdict: RecoveryVerdict;
  readonly resumeFrom: string | null;
  readonly at: number;
};

/** What was read of their checkpoints. Not a state change, so no version moves. */
export async function saveVerdicts(store: Store, verdicts: readonly KeptVerdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await store.write(
    (tx) =>
      tx.$executeRaw`
      UPDATE "Run" SET "verdict" = said.value ->> 'verdict', "verdictAt" = said.value ->> 'at',
        "resumeFrom" = said.value ->> 'resumeFrom'
      FROM json_each(${JSON.stringify(verdicts)}) AS said
      WHERE "Run"."id" = said.value ->> 'runId'`,
  );
}

function conditionsOf({ olderThan = null, jobs = null, tags = null }: UnsettledFilter): Sql[] {
  return [
    sql`"Run"."unsettled" = TRUE`,
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
