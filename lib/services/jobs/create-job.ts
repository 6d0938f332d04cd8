import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { EnvChange } from "@/lib/domain/job-env";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here, Machine } from "@/lib/domain/ports/host";
import type { Jobs } from "@/lib/domain/ports/jobs";
import { settleRunAs } from "@/lib/domain/run-as";
import { checkThreshold, type JobInput, newJob } from "@/lib/services/commands/new-job";
import { changedVariables, withoutClash } from "./job-variables";

export type CreateNeeds = Pick<Here, "now" | "defaultCwd" | "runAs"> &
  Pick<Machine, "checkCommand"> &
  Pick<Jobs, "insertJob"> &
  Actor;

export type CreateJob = JobInput &
  Omit<EnvChange, "envRemove"> & {
    readonly id: JobId;
    readonly argv: readonly string[];
    readonly allowShort?: boolean | undefined;
  };

/** @throws AppError JOB_EXISTS, INVALID_INPUT for a short threshold that is not meant, RUN_AS_NEEDED, RUN_AS_NOT_ALLOWED, and what `checkCommand` throws: a job that could never start is not made */
export async function createJob(
  ctx: CreateNeeds,
  { id, argv, allowShort, env, envSecret, ...input }: CreateJob,
): Promise<Job> {
  checkThreshold(input.stuckAfterMs, allowShort);
  const own = changedVariables({ env, envSecret });
  const variables = { env: own.env, envSecret: Object.keys(own.secrets) };
  const runAs = settleRunAs(input.runAs, ctx.runAs, id);
  const job = withoutClash(newJob(id, argv, { ...input, ...variables, runAs }, ctx.defaultCwd, ctx.now()));
  await ctx.checkCommand(job);
  const made = await ctx.insertJob(job, own.secrets, { actor: ctx.actor, action: "job.created", jobId: id });
  if (!made)
    throw new AppError("JOB_EXISTS", `A job "${id}" exists already. Choose another id, or change that job.`, {
      job: id,
    });
  return job;
}
