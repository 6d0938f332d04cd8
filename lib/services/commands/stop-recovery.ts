import { isArmed, newStreak } from "@/lib/domain/auto-recovery";
import type { JobId } from "@/lib/domain/ids";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Recoveries } from "@/lib/domain/ports/recoveries";
import { doneBy } from "@/lib/domain/reason";
import type { FindJob } from "./get-job";
import { getRecovery, type JobRecovery } from "./get-recovery";

export type CallOffNeeds = FindJob &
  Pick<Here, "now" | "recoveryLimits"> &
  Pick<Recoveries, "findRecovery" | "decideRecovery"> &
  Actor;

/**
 * No more attempts until the job is started or `retry` is called. A running run continues.
 * @throws AppError JOB_NOT_FOUND
 */
export async function stopRecovery(
  ctx: CallOffNeeds,
  id: JobId,
  { reason }: { reason?: string | undefined },
): Promise<JobRecovery> {
  await ctx.decideRecovery(id, ({ job, newest, record }) => {
    if (newest === null || record?.state === "stopped" || (record === null && !isArmed(job))) return null;
    const streak = record ?? newStreak(id, newest.id, ctx.now());
    const why = doneBy("Stopped by", ctx.actor, reason ?? null);
    const { actor } = ctx;
    const { attempts } = streak;
    return {
      record: {
        ...streak,
        runId: newest.id,
        state: "stopped",
        nextAt: null,
        nextAction: null,
        reason: why,
      },
      audit: {
        actor,
        action: "recovery.stopped",
        jobId: id,
        runId: newest.id,
        reason: reason ?? null,
        details: { attempts, was: streak.state },
      },
      event: { runId: newest.id, type: "recovery_stopped", data: { by: actor, reason: reason ?? null } },
    };
  });
  return getRecovery(ctx, id);
}

/**
 * When a job is stopped, a planned attempt is called off.
 * @returns whether there was one
 */
export async function callOffRecovery(
  ctx: CallOffNeeds,
  id: JobId,
  reason: string | undefined,
): Promise<boolean> {
  if ((await ctx.findRecovery(id))?.state !== "waiting") return false;
  return (await stopRecovery(ctx, id, { reason })).record?.state === "stopped";
}
