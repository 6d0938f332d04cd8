import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";
import { type SeenRun, type Sight, seeRun } from "@/lib/services/runs/see-run";
import { type FindJob, jobNotFound } from "./get-job";

export type JobStatus = { readonly job: Job; readonly newest: SeenRun | null };
type Pair = { readonly job: Job; readonly newest: Run | null };

/** @throws AppError JOB_NOT_FOUND */
export async function jobStatus(ctx: Sight & FindJob, id: JobId): Promise<JobStatus> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  return toStatus(ctx, found);
}

/** Every job's status. */
export async function allStatus(
  ctx: Sight & { listJobsWithNewest(): Promise<Pair[]> },
): Promise<JobStatus[]> {
  return (await ctx.listJobsWithNewest()).map((pair) => toStatus(ctx, pair));
}

function toStatus(ctx: Sight, { job, newest }: Pair): JobStatus {
  return { job, newest: newest === null ? null : seeRun(ctx, newest) };
}
