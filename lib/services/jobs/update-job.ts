import type { Variables } from "@/lib/domain/environment";
import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { EnvChange } from "@/lib/domain/job-env";
import { isPlaceholder, noCommandYet } from "@/lib/domain/placeholder";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here, Machine } from "@/lib/domain/ports/host";
import type { Jobs } from "@/lib/domain/ports/jobs";
import { settleRunAs } from "@/lib/domain/run-as";
import { type FindJob, jobNotFound } from "@/lib/services/commands/get-job";
import { changedJob, checkThreshold, type JobInput, said } from "@/lib/services/commands/new-job";
import { changedVariables, withoutClash } from "./job-variables";

type Needs = FindJob &
  Pick<Jobs, "updateJob"> &
  Pick<Machine, "checkCommand"> &
  Pick<Here, "now" | "runAs"> &
  Actor;

export type UpdateJob = JobInput &
  EnvChange & {
    readonly version: number;
    readonly allowShort?: boolean | undefined;
    readonly argv?: readonly string[] | undefined;
  };

/**
 * Changes the given fields, and only if the job was not changed meanwhile. A run that is active keeps the
 * settings it began with.
 * @throws AppError JOB_NOT_FOUND, STALE_VERSION, JOB_HAS_NO_COMMAND, RUN_AS_NEEDED, RUN_AS_NOT_ALLOWED, and what `checkCommand` throws when the command is among the changes
 */
export async function updateJob(
  ctx: Needs,
  id: JobId,
  { version, allowShort, env, envSecret, envRemove, ...input }: UpdateJob,
): Promise<Job> {
  checkThreshold(input.stuckAfterMs, allowShort);
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  if (found.job.version !== version) throw stale(found.job, version);
  const change = (job: Job, secrets: Variables) => {
    const own = changedVariables({ env, envSecret, envRemove }, { env: job.env, secrets });
    const variables = { env: own.env, envSecret: Object.keys(own.secrets) };
    const changed = withoutClash(changedJob(job, { ...input, ...variables }, ctx.now()));
    return { job: changed, secrets: own.secrets };
  };
  if (input.enabled === true && isPlaceholder(input.argv ?? found.job.argv))
    throw new AppError("JOB_HAS_NO_COMMAND", noCommandYet(id), { job: id });
  if (input.runAs !== undefined) settleRunAs(input.runAs, ctx.runAs, id);
  if ([input.argv, input.cwd, input.runAs, env, envRemove].some((given) => given !== undefined))
    await ctx.checkCommand(change(found.job, unread(found.job)).job);
  const fields = Object.keys({ ...input, ...said({ env, envSecret, envRemove }) });
  const details = { fields, ...beforeAndAfter(found.job, change(found.job, unread(found.job)).job) };
  const audit = { actor: ctx.actor, action: "job.changed", jobId: id, details };
  const changed = await ctx.updateJob(id, version, change, audit);
  if (changed === null) throw jobNotFound(id);
  if (!changed.ok) throw stale(changed.job, version);
  return changed.job;
}

const NOT_TOLD: readonly string[] = ["version", "updatedAt"] satisfies (keyof Job)[];

/** Of what differs. Of variables only the names: a plain value may be a secret that was not made one yet. */
function beforeAndAfter(before: Job, after: Job) {
  const [old, now] = [told(before), told(after)];
  const differ = Object.keys(now).filter(
    (field) => !NOT_TOLD.includes(field) && JSON.stringify(old[field]) !== JSON.stringify(now[field]),
  );
  const those = (of: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(differ.map((field) => [field, of[field]]));
  return { before: those(old), after: those(now) };
}

function told(job: Job): Readonly<Record<string, unknown>> {
  return { ...job, env: Object.keys(job.env).sort(), envSecret: [...job.envSecret].sort() };
}

/** A command is checked without the values of secrets: none of them is looked at to find a program. */
function unread({ envSecret }: Job): Variables {
  return Object.fromEntries(envSecret.map((name) => [name, ""]));
}

function stale(job: Job, version: number): AppError {
  const message = `Job "${job.id}" was changed meanwhile: it is at version ${job.version}, your change was made for version ${version}. Read it again and repeat the change.`;
  return new AppError("STALE_VERSION", message, { job: job.id, version: job.version });
}
