import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { type FindJob, jobNotFound } from "./get-job";
import { changedJob, checkThreshold, type JobInput } from "./new-job";

type Audit = { actor: string; action: string; jobId: JobId; details: { fields: string[] } };
type Needs = FindJob & {
  now(): number;
  readonly actor: string;
  checkCommand(spec: Pick<Job, "argv" | "cwd" | "env">): void;
  updateJob(
    id: JobId,
    version: number,
    change: (job: Job) => Job,
    audit: Audit,
  ): Promise<{ readonly ok: boolean; readonly job: Job } | null>;
};

export type UpdateJob = JobInput & {
  readonly version: number;
  readonly allowShort?: boolean | undefined;
  readonly argv?: readonly string[] | undefined;
};

/**
 * Changes what is named and only if nobody changed the job meanwhile. A run that is active keeps the settings it began with.
 * @throws AppError JOB_NOT_FOUND, STALE_VERSION, and what `checkCommand` throws when the command is among the changes
 */
export async function updateJob(
  ctx: Needs,
  id: JobId,
  { version, allowShort, ...input }: UpdateJob,
): Promise<Job> {
  checkThreshold(input.stuckAfterMs, allowShort);
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  if (touchesCommand(input)) ctx.checkCommand(changedJob(found.job, input, ctx.now()));
  const fields = Object.keys(input);
  const audit = { actor: ctx.actor, action: "job.changed", jobId: id, details: { fields } };
  const changed = await ctx.updateJob(id, version, (job) => changedJob(job, input, ctx.now()), audit);
  if (changed === null) throw jobNotFound(id);
  if (!changed.ok) throw stale(changed.job, version);
  return changed.job;
}

function touchesCommand(input: Omit<UpdateJob, "version" | "allowShort">): boolean {
  return input.argv !== undefined || input.cwd !== undefined || input.env !== undefined;
}

function stale(job: Job, version: number): AppError {
  const message = `Job "${job.id}" was changed meanwhile: it is at version ${job.version}, your change was made for version ${version}. Read it again and repeat the change.`;
  return new AppError("STALE_VERSION", message, { job: job.id, version: job.version });
}
