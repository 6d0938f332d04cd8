import { isAppError } from "@/lib/domain/errors";
import { passes } from "@/lib/domain/passing";
import type { Runs } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { type PendingResumeNeeds, pendingResume } from "@/lib/services/commands/pending-resume";
import { type StartNeeds, startJob } from "@/lib/services/commands/start-job";
import { asSuccessorOf } from "./successor";

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
      automatic: true,
      reason: `${ended.id} was stopped by a shutdown.`,
    });
  } catch (error) {
    if (!isAppError(error) || passes(error)) throw error;
    await ctx.noteEvent(ended.id, "resume_failed", { code: error.code, reason: error.message });
  }
}
