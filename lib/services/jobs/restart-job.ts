import { type AppError, isAppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import { passes } from "@/lib/domain/passing";
import type { Here } from "@/lib/domain/ports/host";
import type { Runs } from "@/lib/domain/ports/runs";
import { isActive, type Run } from "@/lib/domain/run";
import { jobNotFound } from "@/lib/services/commands/get-job";
import { type PendingRestartNeeds, pendingRestart } from "@/lib/services/commands/pending-restart";
import { heldBy, parametersFor } from "@/lib/services/commands/run-parameters";
import { alreadyActive, type StartNeeds, startJob } from "@/lib/services/commands/start-job";
import { type StopNeeds, stopRun } from "@/lib/services/commands/stop-job";
import { asSuccessorOf } from "./successor";

type Needs = StartNeeds & StopNeeds & Pick<Here, "restartDelayMs" | "goOnWithRestart">;

/**
 * Stops the job's run and starts another when it is over; a job that is not running is simply started.
 * @returns the run that is stopping, or the new one
 * @throws AppError JOB_NOT_FOUND, and what starting throws
 */
export async function restartJob(
  ctx: Needs,
  id: JobId,
  input: { delayMs?: number | undefined; reason?: string | undefined },
): Promise<Run> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  const { job, newest } = found;
  if (newest === null || !isActive(newest.state))
    return startJob(ctx, id, { trigger: "restart", reason: input.reason });
  // A healthy run is not ended for one that could not start.
  await ctx.checkRoom();
  parametersFor(job, { trigger: "restart" }, null, newest, await heldBy(ctx, newest));
  // Its first cause stands: a run that is being stopped for good will have no successor, so none may be promised.
  if (newest.state === "stopping" && newest.cause !== "restart") throw alreadyActive(id, newest);
  await ctx.noteEvent(newest.id, "restart_requested", {
    delayMs: input.delayMs ?? ctx.restartDelayMs,
    by: ctx.actor,
  });
  const asked = await stopForRestart(ctx, newest, input.reason);
  // It still waited in the queue, or had just ended by itself: no end is to come that would call for a successor.
  return isActive(asked.state) ? asked : startNow(ctx, asked, input.reason);
}

/** What was accepted and written down is not refused for what passes: it is gone on with as after any other end. */
async function startNow(ctx: Needs, ended: Run, reason: string | undefined): Promise<Run> {
  try {
    return await startSuccessor(ctx, ended, reason);
  } catch (error) {
    if (ended.cause !== "restart" || isAnswer(error)) throw error;
    ctx.goOnWithRestart(ended);
    return ended;
  }
}

/** The run as it is after the request; unchanged when it had ended meanwhile. */
async function stopForRestart(ctx: StopNeeds, run: Run, reason: string | undefined): Promise<Run> {
  try {
    return await stopRun(ctx, run, { cause: "restart", reason });
  } catch (error) {
    if (!isAppError(error) || error.code !== "NOT_RUNNING") throw error;
    return (await ctx.findJob(run.jobId))?.newest ?? run;
  }
}

type FinishNeeds = SuccessorNeeds &
  PendingRestartNeeds & {
    wait(ms: number): Promise<void>;
  };

/**
 * The second half of a restart: called when a run has ended, and at boot for those whose end an earlier dashboard saw but
 * whose successor it did not start. A restart that was called off, or was refused once, is left alone.
 * @throws what passes, and what is no answer: then it is still to be done
 */
export async function finishRestart(ctx: FinishNeeds, ended: Run): Promise<void> {
  const asked = await pendingRestart(ctx, ended);
  if (asked === null) return;
  await ctx.wait(asked.delayMs);
  // It may have been called off during the wait.
  if ((await pendingRestart(ctx, ended)) === null) return;
  try {
    // In the name of who wanted it, who need not be who started the run before.
    await startSuccessor({ ...ctx, actor: asked.by ?? ended.actor }, ended, undefined);
  } catch (error) {
    // It is written down on the run that ended; no caller waits for an answer here.
    if (!isAnswer(error)) throw error;
  }
}

type SuccessorNeeds = StartNeeds & Pick<Runs, "noteEvent">;

/** @throws AppError what starting throws; where that is an answer, after it has been noted */
async function startSuccessor(ctx: SuccessorNeeds, ended: Run, reason: string | undefined): Promise<Run> {
  try {
    const how = { trigger: "restart", reason, whenDiskFull: "wait" } as const;
    return await startJob(asSuccessorOf(ctx, ended, "restarted"), ended.jobId, how);
  } catch (error) {
    if (isAnswer(error))
      await ctx.noteEvent(ended.id, "restart_failed", { code: error.code, reason: error.message });
    throw error;
  }
}

/**
 * A refusal that stays one. A locked database, a full disk or a dashboard that goes down is none, nor is a client that has left after
 * its restart was accepted, or a fault of our own.
 */
function isAnswer(error: unknown): error is AppError {
  return isAppError(error) && !passes(error) && error.code !== "REQUEST_ABANDONED";
}
