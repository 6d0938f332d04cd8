import { AppError, isAppError } from "@/lib/domain/errors";
import type { RunId } from "@/lib/domain/ids";
import type { Run } from "@/lib/domain/run";
import type { FindJob } from "./get-job";
import type { PendingRestartNeeds } from "./pending-restart";
import { type StartNeeds, startJob } from "./start-job";

/** What a run's events say of going on after a shutdown. One word is the last. */
const RESUME_EVENTS = ["resumed", "resume_cancelled", "resume_failed"] as const;

export type PendingResumeNeeds = FindJob & PendingRestartNeeds;

/** Whether this run was ended by a shutdown and its job wants to go on, which nobody has done or called off since. */
export async function pendingResume(ctx: PendingResumeNeeds, ended: Run): Promise<boolean> {
  if (ended.state !== "interrupted" || ended.cause !== "shutdown") return false;
  const found = await ctx.findJob(ended.jobId);
  if (!found?.job.enabled || !found.job.resumeAfterShutdown || found.newest?.id !== ended.id) return false;
  return (await ctx.findEvent(ended.id, RESUME_EVENTS)) === null;
}

type Needs = PendingResumeNeeds &
  StartNeeds & {
    noteEvent(id: RunId, type: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  };

/** Called for every run that a shutdown ended, once the next dashboard is up. */
export async function resumeAfterShutdown(ctx: Needs, ended: Run): Promise<void> {
  if (!(await pendingResume(ctx, ended))) return;
  try {
    const run = await startJob(onlyAfter(ctx, ended), ended.jobId, {
      trigger: "resume",
      reason: `${ended.id} was stopped by a shutdown.`,
    });
    await ctx.noteEvent(ended.id, "resumed", { runId: run.id });
  } catch (error) {
    // A failure to write is no answer: it is tried again. So is a dashboard that goes down meanwhile, by the next one.
    if (!isAppError(error) || TRIED_AGAIN.includes(error.code)) throw error;
    await ctx.noteEvent(ended.id, "resume_failed", { code: error.code, reason: error.message });
  }
}

const TRIED_AGAIN: readonly AppError["code"][] = ["SUPERVISOR_UNAVAILABLE", "DATABASE_LOCKED", "DISK_FULL"];

/** Asked once more in the transaction that writes the new run: somebody may have been faster. */
function onlyAfter(ctx: Needs, ended: Run): StartNeeds {
  const enqueueRun: StartNeeds["enqueueRun"] = (id, decide, audit, now) =>
    ctx.enqueueRun(
      id,
      (job, newest) => {
        if (newest?.id !== ended.id)
          throw new AppError("RUN_ALREADY_ACTIVE", `Job "${id}" was started meanwhile.`, { job: id });
        return decide(job, newest);
      },
      audit,
      now,
    );
  return { ...ctx, enqueueRun };
}
