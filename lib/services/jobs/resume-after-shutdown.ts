import { isAppError } from "@/lib/domain/errors";
import { passes } from "@/lib/domain/passing";
import type { Runs } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import type { PendingRestartNeeds } from "@/lib/services/commands/pending-restart";
import { type StartNeeds, startJob } from "@/lib/services/commands/start-job";
import type { FindJob } from "./get-job";
import { asSuccessorOf } from "./successor";

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

type Needs = PendingResumeNeeds & StartNeeds & Pick<Runs, "noteEvent">;

/**
 * Called for every run that a shutdown ended, once the next dashboard is up.
 * @throws what passes, and what is no answer: then it is still to be done
 */
export async function resumeAfterShutdown(ctx: Needs, ended: Run): Promise<void> {
  if (!(await pendingResume(ctx, ended))) return;
  try {
    await startJob(asSuccessorOf(ctx, ended, "resumed"), ended.jobId, {
      trigger: "resume",
      reason: `${ended.id} was stopped by a shutdown.`,
    });
  } catch (error) {
    if (!isAppError(error) || passes(error)) throw error;
    await ctx.noteEvent(ended.id, "resume_failed", { code: error.code, reason: error.message });
  }
}
