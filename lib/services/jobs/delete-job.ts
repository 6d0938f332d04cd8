import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import { jobNotFound } from "./get-job";

type Deletion = { readonly deleted: true } | { readonly deleted: false; readonly active: Run | null };
type Needs = {
  now(): number;
  readonly actor: string;
  deleteJob(
    id: JobId,
    audit: { actor: string; action: string; jobId: JobId },
    now: number,
  ): Promise<Deletion>;
  /** Deletes the rest, or as much as can be waited for; what is left goes in the background. */
  finishDeletions(): Promise<void>;
};

/** Deletes the job and the rows of its runs; log files stay on disk. @throws AppError JOB_NOT_FOUND, JOB_ACTIVE */
export async function deleteJob(ctx: Needs, id: JobId): Promise<void> {
  const answer = await ctx.deleteJob(id, { actor: ctx.actor, action: "job.deleted", jobId: id }, ctx.now());
  if (answer.deleted) return ctx.finishDeletions();
  if (answer.active === null) throw jobNotFound(id);
  const message = `Job "${id}" cannot be deleted while ${answer.active.id} is ${answer.active.state}. Stop it first.`;
  throw new AppError("JOB_ACTIVE", message, { job: id, runId: answer.active.id });
}
