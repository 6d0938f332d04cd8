import type { Fact } from "@/lib/domain/health";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { resolvePath } from "@/lib/domain/paths";
import { type PidFileSight, pidFileObstacle } from "@/lib/domain/pid-file";
import { type PrecheckVerdict, precheck } from "@/lib/domain/precheck";
import type { Run } from "@/lib/domain/run";
import { type HeldFence, runFacts } from "@/lib/domain/run-facts";
import { type SeenRun, type Sight, seeRunWithRecovery } from "@/lib/services/runs/see-run";
import { type FindJob, jobNotFound } from "./get-job";

export type PrecheckAnswer = Omit<PrecheckVerdict, "run"> & {
  readonly run: SeenRun | null;
  readonly ageMs: number;
  readonly evidence: readonly Fact[];
};

type Needs = Sight &
  FindJob & {
    seePidFile(path: string): PidFileSight;
    fencesOf(id: RunId): Promise<readonly HeldFence[]>;
    /** Why a live process keeps a start from what the newest run left; null: none does. */
    checkpointHolder?(job: Job, newest: Run | null): string | null;
  };

/**
 * May this job be started now, and how? Changes nothing.
 * @param ageMs from what age a dead run is cleaned before the next start; the job's own threshold when nothing is said
 * @throws AppError JOB_NOT_FOUND
 */
export async function precheckJob(ctx: Needs, id: JobId, ageMs?: number): Promise<PrecheckAnswer> {
  const found = await ctx.findJob(id);
  if (found === null) throw jobNotFound(id);
  const { job, newest } = found;
  const thresholdMs = ageMs ?? job.stuckAfterMs;
  const terms = { now: ctx.now(), thresholdMs };
  const outside = whoIsOutside(ctx, job, newest);
  const outsideFact = outside === null ? [] : [{ fact: "in the way", value: outside, at: null }];
  if (newest === null)
    return { ...precheck(null, terms, outside), run: null, ageMs: thresholdMs, evidence: outsideFact };
  const seen = seeRunWithRecovery(ctx, newest, thresholdMs);
  const known = { run: seen.run, health: seen.health?.health ?? null, recovery: seen.recovery.verdict };
  const evidence = [
    ...(seen.health?.evidence ?? []),
    ...seen.recovery.evidence,
    ...runFacts(seen.run, await ctx.fencesOf(newest.id), thresholdMs),
    ...outsideFact,
  ];
  return { ...precheck(known, terms, outside), run: seen, ageMs: thresholdMs, evidence };
}

/** What would make a start be refused although no run of the job is active. */
function whoIsOutside(ctx: Needs, job: Job, newest: Run | null): string | null {
  if (job.pidFile !== null) {
    const path = resolvePath(job.cwd, job.pidFile);
    const obstacle = pidFileObstacle(path, ctx.seePidFile(path));
    if (obstacle !== null) return obstacle.message;
  }
  return ctx.checkpointHolder?.(job, newest) ?? null;
}
