import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Jobs } from "@/lib/domain/ports/jobs";

export type FindJob = Pick<Jobs, "findJob">;

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
