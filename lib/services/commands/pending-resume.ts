import type { Run } from "@/lib/domain/run";
import type { FindJob } from "./get-job";
import type { PendingRestartNeeds } from "./pending-restart";

/** What a run's events say of going on after a shutdown. One word is the last. */
const RESUME_EVENTS = ["resumed", "resume_cancelled", "resume_failed"] as const;

export type PendingResumeNeeds = FindJob & PendingRestartNeeds;

/**
 * Whether this run was ended by a shutdown and its job is to be resumed, which was neither done nor called
 * off since.
 */
export async function pendingResume(ctx: PendingResumeNeeds, ended: Run): Promise<boolean> {
  if (ended.state !== "interrupted" || ended.cause !== "shutdown") return false;
  const found = await ctx.findJob(ended.jobId);
  if (!found?.job.enabled || !found.job.resumeAfterShutdown || found.newest?.id !== ended.id) return false;
  return (await ctx.findEvent(ended.id, RESUME_EVENTS)) === null;
}
