import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";

export type FindJob = {
  findJob(id: JobId): Promise<{ readonly job: Job; readonly newest: Run | null } | null>;
};

/** @throws AppError JOB_NOT_FOUND */
export async function getJob(ctx: FindJob, id: JobId): Promise<Job> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  return found.job;
}

export function jobNotFound(id: JobId): AppError {
  return new AppError("JOB_NOT_FOUND", `There is no job "${id}". GET /api/v1/jobs lists those there are.`, {
    job: id,
  });
}
