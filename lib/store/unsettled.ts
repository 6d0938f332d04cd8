import type { JobId, RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import { toRun } from "./rows";
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
  const rows = await store.read.run.findMany({
    where: { ...where(filter), ...(page.before === null ? {} : { id: { lt: page.before } }) },
    orderBy: { id: "desc" },
    take: page.limit + 1,
  });
  return rows.map(toRun);
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
  return rows.map(toRun);
}

/** How many there are of each verdict as last read; `unread`: of those nobody has looked at since they ended. */
export async function countUnsettled(
  store: Store,
  filter: UnsettledFilter,
): Promise<Readonly<Record<RecoveryVerdict | "unread", number>>> {
  const groups = await store.read.run.groupBy({
    by: ["verdict"],
    where: where(filter),
    _count: { _all: true },
  });
  const counts = { resumable: 0, dead: 0, complete: 0, unknown: 0, unread: 0 };
  for (const { verdict, _count } of groups) {
    const name = (verdict ?? "unread") as keyof typeof counts;
    counts[name] += _count._all;
  }
  return counts;
}

/** Which of these runs are the newest of their jobs. */
export async function newestAmong(store: Store, ids: readonly RunId[]): Promise<ReadonlySet<RunId>> {
  const jobs = await store.read.job.findMany({
    where: { newestRunId: { in: [...ids] } },
    select: { newestRunId: true },
  });
  return new Set(jobs.map(({ newestRunId }) => newestRunId as RunId));
}

/** What was read of their checkpoints. Not a state change, so no version moves. */
export async function saveVerdicts(
  store: Store,
  verdicts: readonly { readonly runId: RunId; readonly verdict: RecoveryVerdict; readonly at: number }[],
): Promise<void> {
  if (verdicts.length === 0) return;
  await store.write(
    (tx) =>
      tx.$executeRaw`
      UPDATE "Run" SET "verdict" = said.value ->> 'verdict', "verdictAt" = said.value ->> 'at'
      FROM json_each(${JSON.stringify(verdicts)}) AS said
      WHERE "Run"."id" = said.value ->> 'runId'`,
  );
}

function where({ olderThan = null, jobs = null, tags = null }: UnsettledFilter) {
  const before = olderThan === null ? null : new Date(olderThan);
  return {
    unsettled: true,
    AND: [
      { OR: [{ state: "interrupted" }, { verdict: "resumable" }, { verdict: null }] },
      ...(before === null
        ? []
        : [{ OR: [{ startedAt: { lt: before } }, { startedAt: null, queuedAt: { lt: before } }] }]),
      // Said so that the database does not go by the index of jobs, which holds their whole history.
      ...(jobs === null ? [] : [{ NOT: { jobId: { notIn: [...jobs] } } }]),
      // Tags are a JSON array of names in the job's row, quoted as JSON quotes them.
      ...(tags === null
        ? []
        : [{ OR: tags.map((tag) => ({ job: { tags: { contains: JSON.stringify(tag) } } })) }]),
    ],
  };
}
