import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Jobs } from "@/lib/domain/ports/jobs";
import { jobNotFound } from "@/lib/services/commands/get-job";

type Needs = Pick<Jobs, "deleteJob"> & Pick<Here, "now" | "finishDeletions"> & Actor;

/** Deletes the job and the rows of its runs; log files stay on disk. @throws AppError JOB_NOT_FOUND, JOB_ACTIVE */
export async function deleteJob(ctx: Needs, id: JobId): Promise<void> {
  const answer = await ctx.deleteJob(id, { actor: ctx.actor, action: "job.deleted", jobId: id }, ctx.now());
  if (answer.deleted) return ctx.finishDeletions();
  if (answer.active === null) throw jobNotFound(id);
  const message = `Job "${id}" cannot be deleted while ${answer.active.id} is ${answer.active.state}. Stop it first.`;
  throw new AppError("JOB_ACTIVE", message, { job: id, runId: answer.active.id });
}
