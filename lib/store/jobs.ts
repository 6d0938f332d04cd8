import type { Variables } from "@/lib/domain/environment";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { isActive, type Run } from "@/lib/domain/run";
import { type AuditEntry, writeAudit } from "./audit";
import { readSecrets, saveSecrets } from "./job-secrets";
import { followSettings } from "./recovery";
import { fromJob, readable, toJob, toRun, toShownRun } from "./rows";
import type { Store } from "./transaction";

export type JobWithNewest = { readonly job: Job; readonly newest: Run | null };

/** @returns false when a job of that id exists */
export function insertJob(store: Store, job: Job, secrets: Variables, audit: AuditEntry): Promise<boolean> {
  return store.write(async (tx) => {
    if ((await tx.job.count({ where: { id: job.id } })) > 0) return false;
    await tx.job.create({ data: { ...fromJob(job), newestRunId: null } });
    await saveSecrets(tx, job.id, {}, secrets);
    await writeAudit(tx, audit, job.createdAt);
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
  return store.write(async (tx) => {
    const row = await tx.job.findUnique({ where: { id } });
    if (row === null) return null;
    if (row.version !== version) return { ok: false, job: toJob(row) };
    const secretsBefore = await readSecrets(tx, id);
    const { job, secrets } = change(toJob(row), secretsBefore);
    await tx.job.update({ where: { id, version }, data: fromJob(job) });
    await saveSecrets(tx, id, secretsBefore, secrets);
    await writeAudit(tx, audit, job.updatedAt);
    await followSettings(tx, toJob(row), job, audit.actor, job.updatedAt);
    return { ok: true, job };
  });
}

export type Deletion = { readonly deleted: true } | { readonly deleted: false; readonly active: Run | null };

/** Deletes a job with the rows of its runs; its logs and checkpoints stay on disk. Refuses while a run is active. */
export function deleteJob(store: Store, id: JobId, audit: AuditEntry, now: number): Promise<Deletion> {
  return store.write(async (tx) => {
    const row = await tx.job.findUnique({ where: { id }, include: { newestRun: true } });
    if (row === null) return { deleted: false, active: null };
    const newest = row.newestRun === null ? null : toRun(row.newestRun);
    if (newest !== null && isActive(newest.state)) return { deleted: false, active: newest };
    await tx.job.update({ where: { id }, data: { newestRunId: null } });
    await tx.run.deleteMany({ where: { jobId: id } });
    await tx.job.delete({ where: { id } });
    await writeAudit(tx, audit, now);
    return { deleted: true };
  });
}

export async function findJob(store: Store, id: JobId): Promise<JobWithNewest | null> {
  const row = await store.read.job.findUnique({ where: { id }, include: { newestRun: true } });
  return row === null ? null : withNewest(row);
}

/** By id. `after`: the id the page before ended with. Answers one more than `limit` when there is more. */
export async function listJobs(store: Store, page: { after: string | null; limit: number }): Promise<Job[]> {
  const where = page.after === null ? {} : { id: { gt: page.after } };
  const rows = await store.read.job.findMany({ where, orderBy: { id: "asc" }, take: page.limit + 1 });
  return readable(rows, toJob);
}

/** Every job with its newest run: two queries, however many jobs there are. */
export async function listJobsWithNewest(store: Store): Promise<JobWithNewest[]> {
  const rows = await store.read.job.findMany({ orderBy: { id: "asc" }, include: { newestRun: true } });
  return readable(rows, withNewest);
}

function withNewest(
  row: Parameters<typeof toJob>[0] & { newestRun: Parameters<typeof toRun>[0] | null },
): JobWithNewest {
  return { job: toJob(row), newest: row.newestRun === null ? null : toShownRun(row.newestRun) };
}
