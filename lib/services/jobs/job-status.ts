import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { type ForeignProcess, type PidFileSight, pidFileOf } from "@/lib/domain/pid-file";
import type { Machine } from "@/lib/domain/ports/host";
import type { Jobs, JobWithNewest } from "@/lib/domain/ports/jobs";
import { isActive } from "@/lib/domain/run";
import { type FindJob, jobNotFound } from "@/lib/services/commands/get-job";
import { type SeenRun, type Sight, seeRun } from "@/lib/services/commands/see-run";
import { inSlices } from "@/lib/turns";

export type JobStatus = {
  readonly job: Job;
  readonly newest: SeenRun | null;
  /** Whether the pid file names a live process: of the job's own run, or another one. */
  readonly pidFileDetected: boolean;
  readonly foreign: (ForeignProcess & { readonly stopping: boolean }) | null;
};
export type StatusNeeds = Sight & Pick<Machine, "seePidFile" | "isEnding">;

/** @throws AppError JOB_NOT_FOUND */
export async function jobStatus(ctx: StatusNeeds & FindJob, id: JobId): Promise<JobStatus> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  return toStatus(ctx, found);
}

/** Every job's status. */
export async function allStatus(ctx: StatusNeeds & Pick<Jobs, "listJobsWithNewest">): Promise<JobStatus[]> {
  return inSlices(await ctx.listJobsWithNewest(), (pair) => toStatus(ctx, pair));
}

async function toStatus(ctx: StatusNeeds, pair: JobWithNewest): Promise<JobStatus> {
  return seeJob(ctx, pair, await seeItsPidFile(ctx, pair.job));
}

/** null: the job has none. */
export async function seeItsPidFile(
  ctx: Pick<Machine, "seePidFile">,
  job: Job,
): Promise<PidFileSight | null> {
  const file = pidFileOf(job);
  return file === null ? null : ctx.seePidFile(file);
}

/** @param sight of the job's pid file, which may be looked at only by waiting */
export function seeJob(
  ctx: Sight & Pick<Machine, "isEnding">,
  { job, newest }: JobWithNewest,
  sight: PidFileSight | null,
): JobStatus {
  const seen = newest === null ? null : seeRun(ctx, newest);
  if (sight === null) return { job, newest: seen, pidFileDetected: false, foreign: null };
  const own = sight.found === "ours" && sight.runId === newest?.id && isActive(newest.state);
  if (sight.found !== "foreign") return { job, newest: seen, pidFileDetected: own, foreign: null };
  const foreign = { ...sight.process, stopping: ctx.isEnding(sight.process.identity) };
  return { job, newest: seen, pidFileDetected: true, foreign };
}
