import { afterEnd, isArmed, lastedByWallClock, type RecoveryRecord } from "@/lib/domain/auto-recovery";
import type { Runs } from "@/lib/domain/ports/runs";
import { isFinal, type Run } from "@/lib/domain/run";
import type { FindJob } from "@/lib/services/commands/get-job";
import { type DeepSight, seeRunWithRecovery } from "@/lib/services/commands/see-run";
import { type RecoveryNeeds, told } from "./decide";

type Needs = RecoveryNeeds & FindJob & DeepSight & Pick<Runs, "findEvent">;

export type Planned = {
  readonly record: RecoveryRecord | null;
  /** Until the next attempt, in milliseconds; null: there is none. */
  readonly waitMs: number | null;
};

/**
 * Decides what follows the end of a run: once, however often it is asked.
 * @param ranMs null: only the wall clock tells
 * @returns null when there was nothing to decide, or it is decided already
 */
export async function planRecovery(ctx: Needs, ended: Run, ranMs: number | null): Promise<Planned | null> {
  if (!(await concerns(ctx, ended))) return null;
  const { recovery } = await seeRunWithRecovery(ctx, ended);
  const unwanted = await askedToEnd(ctx, ended);
  const { verdict, sentence, evidence } = recovery;
  const lasted = ranMs ?? lastedByWallClock(ended);
  return ctx.decideRecovery(ended.jobId, ({ job, newest, record }) => {
    // The job was started since, or the run was decided about.
    if (newest?.id !== ended.id || !isFinal(newest.state)) return null;
    if (record !== null && record.runId === ended.id && record.state !== "idle") return null;
    const end = { run: newest, verdict, sentence, ranMs: lasted, unwanted };
    const after = afterEnd(job, end, record, ctx.recoveryLimits, ctx.random(), ctx.now());
    if (after.kind === "over" && record === null) return null;
    const { state, cause, exitCode, signal } = newest;
    return told(after, newest, { state, cause, exitCode, signal, verdict, evidence, ranMs: lasted });
  });
}

/** Most ends are of no concern here, and cost two reads. */
async function concerns(ctx: Needs, { jobId }: Run): Promise<boolean> {
  const [found, record] = await Promise.all([ctx.findJob(jobId), ctx.findRecovery(jobId)]);
  return record !== null || (found !== null && isArmed(found.job));
}

/** A run that was to be stopped and failed first, or ran into a limit, was not to go on either. */
async function askedToEnd(ctx: Needs, { id, stopRequestedAt }: Run): Promise<boolean> {
  if (stopRequestedAt === null) return false;
  const last = await ctx.findEvent(id, ["stop_requested", "refused"]);
  if (last?.type === "refused") return last.data.event === "stop_requested";
  return ["stop", "restart", "reset"].includes(String(last?.data.cause));
}
