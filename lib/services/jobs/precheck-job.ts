import { isNotAnswering, notAnsweringState } from "@/lib/domain/files";
import { type Fact, mergeFacts } from "@/lib/domain/health";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import { resolvePath } from "@/lib/domain/paths";
import { pidFileObstacle, pidFileOf } from "@/lib/domain/pid-file";
import type { Machine } from "@/lib/domain/ports/host";
import type { Runs } from "@/lib/domain/ports/runs";
import { type PrecheckVerdict, precheck } from "@/lib/domain/precheck";
import { judgeRecovery, type StateFacts } from "@/lib/domain/recovery";
import { isActive, type Run } from "@/lib/domain/run";
import { runFacts } from "@/lib/domain/run-facts";
import { placeFor } from "@/lib/domain/state-place";
import { type FindJob, jobNotFound } from "@/lib/services/commands/get-job";
import { type DeepSight, type SeenRun, seeRun } from "@/lib/services/commands/see-run";

export type PrecheckAnswer = Omit<PrecheckVerdict, "run"> & {
  readonly run: SeenRun | null;
  readonly ageMs: number;
  readonly evidence: readonly Fact[];
};

type Needs = DeepSight &
  FindJob &
  Pick<Runs, "fencesOf"> &
  Pick<Machine, "seePidFile" | "checkCommand" | "stateHolder">;

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
  const state = await ctx.readState(placeFor(job, newest));
  const outside =
    (await whoIsOutside(ctx, job, newest)) ?? notAnsweringState(state)?.message ?? (await hangs(ctx, job));
  const outsideFact = outside === null ? [] : [{ fact: "in the way", value: outside, at: null }];
  if (newest === null)
    return { ...precheck(null, terms, outside), run: null, ageMs: thresholdMs, evidence: outsideFact };
  const seen = seeForStart(ctx, newest, thresholdMs, state);
  const { verdict, sentence, resumeFrom, oldFolder } = seen.recovery;
  const known = {
    run: seen.run,
    health: seen.health?.health ?? null,
    recovery: verdict,
    sentence,
    resumeFrom,
    oldFolder,
  };
  const evidence = mergeFacts(
    seen.health?.evidence ?? [],
    seen.recovery.evidence,
    runFacts(seen.run, await ctx.fencesOf(newest.id), thresholdMs),
    outsideFact,
  );
  return { ...precheck(known, terms, outside), run: seen, ageMs: thresholdMs, evidence };
}

/** What a start would go on from is where the job keeps its state now, which need not be where this run kept it. */
function seeForStart(ctx: DeepSight, newest: Run, thresholdMs: number, state: StateFacts) {
  const seen = seeRun(ctx, newest, thresholdMs);
  const { progress, lastLifeAt } = seen.run;
  return { ...seen, recovery: judgeRecovery(state, progress, ctx.now(), { lastLifeAt }) };
}

/** A program that is not there is the start's to tell; one that cannot be looked at keeps it from starting now. */
async function hangs(ctx: Needs, { argv, cwd, env, runAs }: Job): Promise<string | null> {
  try {
    await ctx.checkCommand({ argv, cwd, env, runAs });
    return null;
  } catch (error) {
    return isNotAnswering(error) ? error.message : null;
  }
}

/** What would make a start be refused although no run of the job is active. */
async function whoIsOutside(ctx: Needs, job: Job, newest: Run | null): Promise<string | null> {
  const file = pidFileOf(job);
  if (file !== null) {
    const obstacle = pidFileObstacle(file.path, await ctx.seePidFile(file));
    if (obstacle !== null) return obstacle.message;
  }
  if (newest === null || isActive(newest.state)) return null;
  const { kind, cwd, checkpoint, runAs } = placeFor(job, newest);
  const holder = await ctx.stateHolder({ kind, cwd, checkpoint, runAs });
  if (holder === null || checkpoint === null) return null;
  return `Process ${holder.pid} (${holder.command}) still works in ${resolvePath(cwd, checkpoint)}. Two at once would ruin it: end that process first.`;
}
