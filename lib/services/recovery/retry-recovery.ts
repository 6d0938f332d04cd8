import { isArmed, newStreak } from "@/lib/domain/auto-recovery";
import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Here } from "@/lib/domain/ports/host";
import type { RecoveryFound } from "@/lib/domain/ports/recoveries";
import { isActive, type Run } from "@/lib/domain/run";
import { type FindJob, jobNotFound } from "@/lib/services/commands/get-job";
import { getRecovery, type JobRecovery } from "@/lib/services/commands/get-recovery";
import type { RecoveryNeeds } from "./decide";

type Needs = FindJob & RecoveryNeeds & Pick<Here, "wakeRecovery">;

/**
 * Tries again now, and counts attempts from nothing. While the job runs, its recovery is switched on again.
 * @throws AppError JOB_NOT_FOUND, NOTHING_TO_RESUME
 */
export async function retryRecovery(
  ctx: Needs,
  id: JobId,
  { reason }: { reason?: string | undefined },
): Promise<JobRecovery> {
  const { actor } = ctx;
  const change = await ctx.decideRecovery(id, (found) => {
    const run = toRecover(found);
    const { record } = found;
    const streak = record?.runId === run.id ? record : newStreak(id, run.id, ctx.now());
    const now = isActive(run.state)
      ? ({ ...streak, state: "idle", attempts: 0, reason: null } as const)
      : ({
          ...streak,
          state: "waiting",
          attempts: 0,
          since: streak.since ?? ctx.now(),
          nextAt: ctx.now(),
          // Decided by what is there at the start: this is what it was when it was last read.
          nextAction: run.verdict === "resumable" ? "resume" : (streak.nextAction ?? "restart"),
          reason: `${actor} asked for another attempt.`,
        } as const);
    return {
      record: now,
      audit: {
        actor,
        action: "recovery.retried",
        jobId: id,
        runId: run.id,
        reason: reason ?? null,
        details: { was: record?.state ?? "idle", attempts: record?.attempts ?? 0 },
      },
      event: { runId: run.id, type: "recovery_retried", data: { by: actor, reason: reason ?? null } },
    };
  });
  if (change === null) throw jobNotFound(id);
  ctx.wakeRecovery(id);
  return getRecovery(ctx, id);
}

function toRecover({ job, newest }: RecoveryFound): Run {
  const refused = (why: string) => new AppError("NOTHING_TO_RESUME", why, { job: job.id });
  if (!job.enabled) throw refused(`Job "${job.id}" is disabled. Enable it first.`);
  if (!isArmed(job))
    throw refused(`Job "${job.id}" does not recover automatically. Start it, or switch that on.`);
  if (newest === null) throw refused(`Job "${job.id}" never ran. Start it.`);
  if (!isActive(newest.state) && !newest.unsettled)
    throw refused(`${newest.id} is over (${newest.state}) and there is nothing to recover. Start the job.`);
  return newest;
}
