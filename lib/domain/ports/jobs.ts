import type { Variables } from "../environment";
import type { JobId } from "../ids";
import type { Job } from "../job";
import type { Run } from "../run";
import type { AuditEntry } from "./audit";
import type { After } from "./page";

export type JobWithNewest = { readonly job: Job; readonly newest: Run | null };

/** `active` null: there is no such job. */
export type JobDeletion =
  | { readonly deleted: true }
  | { readonly deleted: false; readonly active: Run | null };

export type Jobs = {
  findJob(id: JobId): Promise<JobWithNewest | null>;
  /** By id; one more than `limit` when there is more. */
  listJobs(page: After): Promise<Job[]>;
  listJobsWithNewest(): Promise<JobWithNewest[]>;
  /** All that have a pid file, by id. */
  listJobsWithPidFile(): Promise<Job[]>;
  /** @returns false when a job of that id exists */
  insertJob(job: Job, secrets: Variables, audit: AuditEntry): Promise<boolean>;
  /** @returns the changed job; the job as it is now when its version moved on; null when there is none */
  updateJob(
    id: JobId,
    version: number,
    change: (job: Job, secrets: Variables) => { readonly job: Job; readonly secrets: Variables },
    audit: AuditEntry,
  ): Promise<{ readonly ok: boolean; readonly job: Job } | null>;
  /** From now on there is no such job; its rows go in the background. */
  deleteJob(id: JobId, audit: AuditEntry, now: number): Promise<JobDeletion>;
};
