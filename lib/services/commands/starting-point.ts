import { AppError } from "@/lib/domain/errors";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Plan, PlanItem } from "@/lib/domain/plan";
import type { Actor } from "@/lib/domain/ports/audit";
import type { CleanFirst, NewIds } from "@/lib/domain/ports/runs";
import { precheck } from "@/lib/domain/precheck";
import { isNothing, judgeRecovery, type Recovery, type StateFacts } from "@/lib/domain/recovery";
import type { Run } from "@/lib/domain/run";
import { ageOf } from "@/lib/domain/stuck";
import { newPlan } from "./new-plan";

/** What a new run goes on from, and what becomes of the newest one. */
export type StartingPoint = {
  readonly parent: Run | null;
  readonly clean: CleanFirst | null;
  /** Where it is launched instead of in the job's folder; null: there. */
  readonly oldFolder: string | null;
};

export const BEGINS_ANEW: StartingPoint = { parent: null, clean: null, oldFolder: null };

/** How a start is to begin; `folder`: `old` is the one the newest run really worked in, for a resume only. */
export type Beginning = {
  readonly mode?: "auto" | "fresh" | "resume" | undefined;
  readonly folder?: "old" | undefined;
};

type Needs = Pick<NewIds, "newPlanId"> & Actor;

/**
 * Decides on what was read before: nothing here looks at any disk.
 * @param state what is where the job would go on from
 * @throws AppError NOTHING_TO_RESUME
 */
export function startingPoint(
  ctx: Needs,
  job: Job,
  newest: Run | null,
  { mode = "auto", folder }: Beginning,
  now: number,
  state: StateFacts,
): StartingPoint {
  if (mode === "fresh") return BEGINS_ANEW;
  if (newest === null) {
    if (mode === "resume") throw nothingToResume(job.id, null, "It never ran.");
    return BEGINS_ANEW;
  }
  // Its work was given up on purpose: undoing the clean-up comes first, so that no run is both cleaned and gone on from.
  if (newest.state === "cleaned") {
    if (mode === "resume") throw nothingToResume(job.id, newest, "It was cleaned up; undo that first.");
    return BEGINS_ANEW;
  }
  if (newest.state === "completed" && mode === "resume")
    throw nothingToResume(job.id, newest, "It finished: what it left is not work to resume.");
  const recovery = judgeRecovery(state, newest.progress, now);
  return mode === "resume"
    ? resume(job, newest, recovery, { inOldFolder: folder === "old", isEmpty: nothingHere(state) })
    : asChecked(ctx, job, newest, recovery, now);
}

/** What cannot be told is tried, since a person asked for it; but not where it is known that nothing is. */
function resume(
  job: Job,
  newest: Run,
  recovery: Recovery,
  { inOldFolder, isEmpty }: { readonly inOldFolder: boolean; readonly isEmpty: boolean },
): StartingPoint {
  const { verdict, sentence, oldFolder } = recovery;
  if (verdict === "dead" || verdict === "complete") throw nothingToResume(job.id, newest, sentence);
  if (oldFolder !== null && !inOldFolder && isEmpty) throw onlyElsewhere(job.id, newest, sentence);
  if (oldFolder === null && inOldFolder)
    throw nothingToResume(
      job.id,
      newest,
      'Its checkpoint is where a new run looks anyway. Resume it without "folder".',
    );
  return { parent: newest, clean: null, oldFolder: inOldFolder ? oldFolder : null };
}

function asChecked(ctx: Needs, job: Job, newest: Run, recovery: Recovery, now: number): StartingPoint {
  const { verdict, sentence, resumeFrom, oldFolder } = recovery;
  const known = { run: newest, health: null, recovery: verdict, sentence, resumeFrom, oldFolder };
  const answer = precheck(known, { now, thresholdMs: job.stuckAfterMs });
  if (answer.precheck === "resume") return { ...BEGINS_ANEW, parent: newest };
  if (answer.precheck !== "cleanup") return BEGINS_ANEW;
  return { ...BEGINS_ANEW, clean: cleanedByStart(ctx, job, newest, recovery, now) };
}

function cleanedByStart(ctx: Needs, job: Job, run: Run, recovery: Recovery, now: number): CleanFirst {
  const reason = `Timeout – Auto-cleaned: ${recovery.sentence} A start cleaned it up first.`;
  const asked = {
    kind: "cleanup",
    trigger: "start",
    ageMs: job.stuckAfterMs,
    jobs: [job.id],
    reason: "The job was started.",
  } as const;
  const made = newPlan({ ...ctx, now: () => now }, asked);
  const plan: Plan = { ...made, state: "applied", appliedBy: ctx.actor, appliedAt: now, finishedAt: now };
  const item: PlanItem = {
    planId: plan.id,
    runId: run.id,
    jobId: job.id,
    action: "clean",
    why: recovery.sentence,
    runState: run.state,
    runVersion: run.version,
    verdict: recovery.verdict,
    health: null,
    evidence: recovery.evidence,
    ageMs: ageOf(run, now),
    result: "done",
    detail: null,
    at: now,
  };
  return { reason, plan, item };
}

/** Whether a new run would find nothing where it looks. */
function nothingHere(state: StateFacts): boolean {
  return state.found === "elsewhere" && isNothing(state.here);
}

function onlyElsewhere(id: JobId, newest: Run, sentence: string): AppError {
  const message = `Job "${id}" cannot be resumed in its own folder. ${sentence} To resume it there, start it with folder: "old"; a start without "resume" starts over in the job's folder.`;
  return new AppError("NOTHING_TO_RESUME", message, { job: id, runId: newest.id });
}

function nothingToResume(id: JobId, newest: Run | null, why: string): AppError {
  const about = newest === null ? "" : ` after ${newest.id} (${newest.state})`;
  const message = `Job "${id}" has nothing to resume from${about}. ${why} Start it without "resume" to start from the beginning.`;
  return new AppError("NOTHING_TO_RESUME", message, { job: id, runId: newest?.id ?? null });
}
