import { AppError, isAppError } from "@/lib/domain/errors";
import { duration } from "@/lib/domain/health";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { type ForeignProcess, pidFileObstacle, pidFileOf } from "@/lib/domain/pid-file";
import type { Audits } from "@/lib/domain/ports/audit";
import type { Machine, Watch } from "@/lib/domain/ports/host";
import type { ResetOutcome, ResetPidFile } from "@/lib/domain/reset";
import { isActive, type Run } from "@/lib/domain/run";
import { jobNotFound } from "@/lib/services/commands/get-job";
import { type ForeignNeeds, stopForeign } from "@/lib/services/commands/stop-foreign";
import { type StopNeeds, stopRun } from "@/lib/services/commands/stop-job";

type Needs = StopNeeds & ForeignNeeds & Pick<Watch, "verify"> & Pick<Machine, "removeStalePidFile"> & Audits;

export type ResetJob = { readonly force?: boolean | undefined; readonly reason?: string | undefined };
export type Reset = {
  readonly run: Run | null;
  readonly foreign: ForeignProcess | null;
  readonly done: ResetOutcome;
  readonly pidFile: ResetPidFile;
  readonly detail: string;
};

/**
 * Puts a job back to startable. A run is believed to be over only when its process is proven gone, and then gets its true end;
 * what is alive is ended first, and only with `force`. Nothing is just forgotten.
 * @throws AppError JOB_NOT_FOUND, RUN_ALIVE, FOREIGN_PROCESS
 */
export async function resetJob(ctx: Needs, id: JobId, input: ResetJob): Promise<Reset> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  const { job, newest } = found;
  await ctx.recordAudit({
    actor: ctx.actor,
    action: "job.reset_requested",
    jobId: id,
    reason: input.reason ?? null,
    details: { force: input.force ?? false, runId: newest?.id ?? null },
  });
  if (newest === null || !isActive(newest.state)) return withPidFile(ctx, job, newest, "nothing", input);
  if (newest.state === "queued") return cancelled(ctx, job, newest, input);
  if (await ctx.verify(newest.id)) return recovered(ctx, job, input);
  if (!input.force) throw runAlive(newest, ctx.now());
  return ended(ctx, job, newest, input);
}

/** No process exists for it yet, so nothing is lost. */
async function cancelled(ctx: Needs, job: Job, run: Run, input: ResetJob): Promise<Reset> {
  const { reason } = input;
  const asked = await stopRun(ctx, run, { cause: "reset", force: input.force, reason });
  return isActive(asked.state) ? stopping(asked) : withPidFile(ctx, job, asked, "cancelled", input);
}

async function recovered(ctx: Needs, job: Job, input: ResetJob): Promise<Reset> {
  const newest = (await ctx.findJob(job.id))?.newest ?? null;
  return withPidFile(ctx, job, newest, "recovered", input);
}

async function ended(ctx: Needs, job: Job, run: Run, input: ResetJob): Promise<Reset> {
  try {
    const asked = await stopRun(ctx, run, { cause: "reset", force: true, reason: input.reason });
    return stopping(asked);
  } catch (error) {
    // It ended by itself in between.
    if (!isAppError(error) || error.code !== "NOT_RUNNING") throw error;
    return recovered(ctx, job, input);
  }
}

function stopping(run: Run): Reset {
  const detail = `${run.id} is being ended with everything it started. The job can be started when that is done.`;
  return { run, foreign: null, done: "stopping", pidFile: "kept", detail };
}

/** No run is active (any more): what is left to put right is the pid file. */
async function withPidFile(
  ctx: Needs,
  job: Job,
  run: Run | null,
  done: ResetOutcome,
  input: ResetJob,
): Promise<Reset> {
  const told = wordsOf(done, run);
  const file = pidFileOf(job);
  if (file === null) return { run, foreign: null, done, pidFile: "none", detail: told };
  const sight = await ctx.seePidFile(file, true);
  const obstacle = sight.found === "foreign" && !input.force ? pidFileObstacle(file.path, sight) : null;
  if (obstacle !== null) throw obstacle;
  // One that is not certain is never signalled: with force only the file goes.
  if (sight.found === "foreign" && sight.process.certain) {
    const { process } = sight;
    const foreign = await stopForeign(ctx, job, process, { force: true, reason: input.reason });
    const being = `Process ${process.identity.pid} behind its pid file is being ended. The job can be started when that is done.`;
    const detail = done === "nothing" ? being : `${told} ${being}`;
    return { run, foreign, done: "stopping", pidFile: "kept", detail };
  }
  if (await ctx.removeStalePidFile(file, input.force ?? false)) {
    const why = sight.found === "stale" ? ` (${sight.why})` : "";
    return {
      run,
      foreign: null,
      done,
      pidFile: "removed",
      detail: `${told} Its pid file was removed${why}.`,
    };
  }
  return { run, foreign: null, done, pidFile: sight.found === "nothing" ? "none" : "kept", detail: told };
}

function wordsOf(done: ResetOutcome, run: Run | null): string {
  if (done === "recovered") return `${run?.id} was found to be over: ${run?.state}. The job can be started.`;
  if (done === "cancelled") return `${run?.id} was still waiting and was taken out of the queue.`;
  return "There was nothing to reset: no run is active. The job can be started.";
}

function runAlive(run: Run, now: number): AppError {
  const pid = run.process?.pid ?? null;
  const ageMs = Math.max(0, now - (run.startedAt ?? run.queuedAt));
  const as = pid === null ? "" : ` as process ${pid}`;
  const force =
    "With force: true it is killed first, with everything it started (SIGKILL): work since its last checkpoint is lost.";
  return new AppError(
    "RUN_ALIVE",
    `Run ${run.id} of job "${run.jobId}" is really alive: it is ${run.state}${as} for ${duration(ageMs)}. Stop it, or wait for it. ${force}`,
    { job: run.jobId, runId: run.id, state: run.state, pid, ageMs, force },
  );
}
