import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { ForeignProcess } from "@/lib/domain/pid-file";
import type { Watch } from "@/lib/domain/ports/host";
import type { Runs } from "@/lib/domain/ports/runs";
import { doneBy } from "@/lib/domain/reason";
import { isActive, type Run, type StopCause } from "@/lib/domain/run";
import { type FindJob, jobNotFound } from "./get-job";
import { type PendingRestartNeeds, pendingRestart } from "./pending-restart";
import { pendingResume } from "./pending-resume";
import { type ForeignNeeds, findForeign, stopForeign } from "./stop-foreign";
import { type CallOffNeeds, callOffRecovery } from "./stop-recovery";

export type StopNeeds = FindJob &
  CallOffNeeds &
  PendingRestartNeeds &
  Pick<Runs, "applyEvent" | "noteEvent"> &
  Pick<Watch, "nudge">;

export type StopJob = {
  readonly cause?: StopCause;
  readonly force?: boolean | undefined;
  readonly graceMs?: number | undefined;
  readonly reason?: string | undefined;
};

/** `foreign`: no run is active, but a process behind the job's pid file is, which is being ended. */
export type Stopped =
  | { readonly run: Run; readonly foreign: null }
  | { readonly run: null; readonly foreign: ForeignProcess };

/**
 * Asks the job's active run to end. The answer is `stopping` (or `stopped`, when nothing had been started yet); the end is
 * told only when the whole tree is gone. A second stop can shorten the grace, never lengthen it.
 * @throws AppError JOB_NOT_FOUND, NOT_RUNNING, and FOREIGN_PROCESS when it is not certain who is behind the pid file
 */
export async function stopJob(ctx: StopNeeds & ForeignNeeds, id: JobId, input: StopJob): Promise<Stopped> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  const { job, newest } = found;
  const foreign = newest !== null && isActive(newest.state) ? null : await findForeign(ctx, job);
  if (foreign !== null) {
    // It may have waited for that very process, and would start in its place.
    await callOffRecovery(ctx, id, input.reason);
    return { run: null, foreign: await stopForeign(ctx, job, foreign, input) };
  }
  if (newest === null) throw notRunning(id, null);
  return { run: await stopRun(ctx, newest, input), foreign: null };
}

/** @throws AppError NOT_RUNNING */
export async function stopRun(ctx: StopNeeds, run: Run, input: StopJob): Promise<Run> {
  const graceMs = input.force ? 0 : (input.graceMs ?? run.spec.timeouts.stopGraceMs);
  const reason = input.reason ?? null;
  const event = {
    type: "stop_requested",
    cause: input.cause ?? "stop",
    graceMs,
    reason: told(input.cause ?? "stop", ctx.actor, reason),
  } as const;
  const audit = {
    actor: ctx.actor,
    action: input.force ? "run.force_stop_requested" : "run.stop_requested",
    jobId: run.jobId,
    runId: run.id,
    reason,
    details: { graceMs },
  };
  const change = await ctx.applyEvent(run.id, event, audit);
  ctx.nudge(run.id);
  // A stop of a run that is only restarting also calls off the restart.
  if (change.before?.state === "stopping" && change.before.cause === "restart" && event.cause !== "restart") {
    await ctx.noteEvent(run.id, "restart_cancelled", { by: ctx.actor });
  }
  if (change.before?.cause === "shutdown" && event.cause !== "restart") {
    const asItWillEnd = { ...change.before, state: "interrupted" } as const;
    if (await pendingResume(ctx, asItWillEnd)) {
      await ctx.noteEvent(run.id, "resume_cancelled", { by: ctx.actor });
      return change.ok ? change.run : change.before;
    }
  }
  if (change.ok) return change.run;
  // Asked again without more urgency: it is stopping already, which is what was wanted.
  if (change.before?.state === "stopping") return change.before;
  // Between its end and its successor's start a restart can be called off like at any other moment.
  if (change.before !== null && (await pendingRestart(ctx, change.before)) !== null) {
    await ctx.noteEvent(run.id, "restart_cancelled", { by: ctx.actor });
    return change.before;
  }
  const { before } = change;
  if (event.cause === "stop" && before !== null && (await callOffRecovery(ctx, run.jobId, input.reason)))
    return before;
  throw notRunning(run.jobId, change.before);
}

function told(cause: StopCause, actor: string, reason: string | null): string {
  return doneBy(cause === "restart" ? "Stopped for a restart by" : "Stopped by", actor, reason);
}

function notRunning(id: JobId, newest: Run | null): AppError {
  const last = newest === null ? "it never ran" : `its newest run ${newest.id} is ${newest.state}`;
  return new AppError("NOT_RUNNING", `Job "${id}" is not running: ${last}.`, {
    job: id,
    runId: newest?.id ?? null,
  });
}
