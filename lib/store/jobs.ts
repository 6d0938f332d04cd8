import { setImmediate as nextTurn } from "node:timers/promises";
import type { Variables } from "@/lib/domain/environment";
import type { JobId } from "@/lib/domain/ids";
import type { Job, JobKind } from "@/lib/domain/job";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { JobWithNewest } from "@/lib/domain/ports/jobs";
import { writeAudit } from "./audit";
import type { Job as JobRow, Run as RunRow } from "./generated/client";
import { deleteRest } from "./job-deletion";
import { fromJob, toArgv, toJob } from "./job-rows";
import { saveSecrets, secretsToChange } from "./job-secrets";
import { followSettings } from "./recovery";
import { type toRun, toShownRun } from "./rows";
import { anyOf } from "./sql";
import { readable, stored } from "./stored";
import type { Store } from "./transaction";

/** What is left of a deleted job of that id goes first. @returns false when a job of that id exists */
export async function insertJob(
  store: Store,
  job: Job,
  secrets: Variables,
  audit: AuditEntry,
): Promise<boolean> {
  await deleteRest(store, job.id);
  return store.write(async (tx, db) => {
    if ((await tx.job.count({ where: { id: job.id } })) > 0) return false;
    await tx.job.create({ data: { ...fromJob(job), newestRunId: null } });
    await saveSecrets(tx, store.sealing, job.id, {}, secrets);
    writeAudit(db, audit, job.createdAt);
    return true;
  });
}

/**
 * Changes a job that is still at `version`.
 * @returns the changed job; the job as it is now when its version moved on; null when there is none
 */
export function updateJob(
  store: Store,
  id: JobId,
  version: number,
  change: (job: Job, secrets: Variables) => { readonly job: Job; readonly secrets: Variables },
  audit: AuditEntry,
): Promise<{ readonly ok: boolean; readonly job: Job } | null> {
  return store.write(async (tx, db) => {
    const row = await tx.job.findUnique({ where: { id, deletingSince: null } });
    if (row === null) return null;
    if (row.version !== version) return { ok: false, job: toJob(row) };
    const secretsBefore = await secretsToChange(tx, store.sealing, id);
    const { job, secrets } = change(toJob(row), secretsBefore);
    await tx.job.update({ where: { id, version }, data: fromJob(job) });
    await saveSecrets(tx, store.sealing, id, secretsBefore, secrets);
    writeAudit(db, audit, job.updatedAt);
    await followSettings(tx, db, toJob(row), job, audit.actor, job.updatedAt);
    return { ok: true, job };
  });
}

export async function findJob(store: Store, id: JobId): Promise<JobWithNewest | null> {
  const row = store.look.one<JobRow>`SELECT * FROM "Job" WHERE "id" = ${id} AND "deletingSince" IS NULL`;
  if (row === null) return null;
  const newestRun = store.look.one<RunRow>`SELECT * FROM "Run" WHERE "id" = ${row.newestRunId}`;
  return withNewest({ ...row, newestRun });
}

/** By id. `after`: the id the page before ended with. Answers one more than `limit` when there is more. */
export async function listJobs(store: Store, page: { after: string | null; limit: number }): Promise<Job[]> {
  const jobs: Job[] = [];
  // What cannot be read is passed by, so one look may not be enough to tell whether there is more.
  for (let after = page.after ?? ""; ; ) {
    const take = page.limit + 1 - jobs.length;
    const rows = store.look.all<JobRow>`
      SELECT * FROM "Job" WHERE "deletingSince" IS NULL AND "id" > ${after} ORDER BY "id" LIMIT ${take}`;
    jobs.push(...readable(rows, toJob));
    const last = rows.at(-1);
    if (last === undefined || rows.length < take || jobs.length > page.limit) return jobs;
    after = last.id;
  }
}

const MOST_CALLS = 10_000;

/** The command lines of all jobs of a kind. */
export async function listCalls(
  store: Store,
  kind: JobKind,
): Promise<{ readonly id: string; readonly kind: JobKind; readonly argv: readonly string[] }[]> {
  const rows = await store.read.job.findMany({
    where: { kind, deletingSince: null },
    select: { id: true, argv: true },
    orderBy: { id: "asc" },
    take: MOST_CALLS,
  });
  return readable(rows, ({ id, argv }) => ({ id, kind, argv: toArgv(id, argv) }));
}

/** The ids of jobs that run as this user of the host. @param user null: those that do not say */
export async function listJobsOf(store: Store, user: string | null): Promise<readonly string[]> {
  const rows = await store.read.job.findMany({
    where: { runAs: user, deletingSince: null },
    select: { id: true },
    orderBy: { id: "asc" },
    take: MOST_CALLS,
  });
  return rows.map(({ id }) => id);
}

const JOBS_AT_ONCE = 40;

/** Every job with its newest run, read in pages so that others get their turn. */
export async function listJobsWithNewest(store: Store): Promise<JobWithNewest[]> {
  const jobs: JobWithNewest[] = [];
  for (let after = ""; ; await nextTurn()) {
    const rows = store.look.all<{ id: string }>`
      SELECT "id" FROM "Job" WHERE "id" > ${after} AND "deletingSince" IS NULL ORDER BY "id" LIMIT ${JOBS_AT_ONCE}`;
    const ids = rows.map(({ id }) => stored<JobId>(id));
    jobs.push(...jobsWithNewestNow(store, ids));
    const last = ids.at(-1);
    if (last === undefined || ids.length < JOBS_AT_ONCE) return jobs;
    after = last;
  }
}

export async function listJobsWithPidFile(store: Store): Promise<Job[]> {
  const rows = store.look
    .all<JobRow>`SELECT * FROM "Job" WHERE "pidFile" IS NOT NULL AND "deletingSince" IS NULL ORDER BY "id"`;
  return readable(rows, toJob);
}

/** The ids of all jobs. */
export function jobIdsNow(store: Store): JobId[] {
  const rows = store.look.all<{ id: string }>`SELECT "id" FROM "Job" WHERE "deletingSince" IS NULL`;
  return rows.map(({ id }) => stored<JobId>(id));
}

/** Those of them that are there and can be read, by id, as they are committed at this moment: nothing comes between the question and its answer. */
export function jobsWithNewestNow(store: Store, ids: readonly JobId[]): JobWithNewest[] {
  const jobs = store.look
    .all<JobRow>`SELECT * FROM "Job" WHERE "id" IN ${anyOf(ids)} AND "deletingSince" IS NULL ORDER BY "id"`;
  const newest = jobs.flatMap(({ newestRunId }) => newestRunId ?? []);
  const runs = store.look.all<RunRow>`SELECT * FROM "Run" WHERE "id" IN ${anyOf(newest)}`;
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return readable(
    jobs.map((job) => ({ ...job, newestRun: runOf.get(job.newestRunId ?? "") ?? null })),
    withNewest,
  );
}

function withNewest(
  row: Parameters<typeof toJob>[0] & { newestRun: Parameters<typeof toRun>[0] | null },
): JobWithNewest {
  return { job: toJob(row), newest: row.newestRun === null ? null : toShownRun(row.newestRun) };
}
