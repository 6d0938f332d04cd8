import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { type JobInput, newJob } from "./new-job";

export type CreateNeeds = {
  now(): number;
  readonly actor: string;
  readonly defaultCwd: string;
  checkCommand(spec: Pick<Job, "argv" | "cwd" | "env">): void;
  insertJob(job: Job, audit: { actor: string; action: string; jobId: JobId }): Promise<boolean>;
};

export type CreateJob = JobInput & { readonly id: JobId; readonly argv: readonly string[] };

/** @throws AppError JOB_EXISTS, and what `checkCommand` throws: a job that could never start is not made */
export async function createJob(ctx: CreateNeeds, { id, argv, ...input }: CreateJob): Promise<Job> {
  const job = newJob(id, argv, input, ctx.defaultCwd, ctx.now());
  ctx.checkCommand(job);
  const made = await ctx.insertJob(job, { actor: ctx.actor, action: "job.created", jobId: id });
  if (!made)
    throw new AppError("JOB_EXISTS", `A job "${id}" exists already. Choose another id, or change that job.`, {
      job: id,
    });
  return job;
}
