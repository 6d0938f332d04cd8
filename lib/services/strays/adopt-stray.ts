import { type Job, type RunSpec, toRunSpec } from "@/lib/domain/job";
import { newRun } from "@/lib/domain/new-run";
import { pidFileOf } from "@/lib/domain/pid-file";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Adoption, NewRunFacts, StrayWatch } from "@/lib/domain/ports/outside";
import type { NewIds } from "@/lib/domain/ports/runs";
import type { Run } from "@/lib/domain/run";
import { refuseAdoption, type Stray, strayId } from "@/lib/domain/stray";
import type { FindJob } from "@/lib/services/commands/get-job";
import { type FindStray, getStray } from "./find-stray";

type Needs = FindStray &
  FindJob &
  Pick<StrayWatch, "adoptStray"> &
  Adoption &
  Pick<NewIds, "entropy" | "newRunId"> &
  Pick<Here, "now"> &
  Actor;

const TOKEN_LENGTH = 32;

/**
 * Makes a run of a stray: running, with its locks, under a new id. Its processes go on undisturbed.
 * @throws AppError STRAY_NOT_FOUND, STRAY_REFUSED, FOREIGN_PROCESS, PID_FILE_REFUSED
 */
export async function adoptStray(
  ctx: Needs,
  id: string,
  input: { reason?: string | undefined },
): Promise<Run> {
  const stray = await getStray(ctx, id);
  const found = stray.jobId === null ? null : await ctx.findJob(stray.jobId);
  refuseAdoption(stray, found === null ? "no_job" : null);
  if (found === null) throw new Error("An adoption without a job was not refused.");
  const { job } = found;
  const now = ctx.now();
  const data = { stray: id, startedAs: stray.runId, pids: stray.members.map(({ pid }) => pid) };
  const audit = (run: Run) => ({
    actor: ctx.actor,
    action: "stray.adopted",
    jobId: job.id,
    runId: run.id,
    reason: input.reason ?? null,
    details: { ...data, command: stray.command },
  });
  return ctx.adoptStray(stray, pidFileOf(specOf(job, stray)), async (facts) => {
    const event = { ...data, exitWillBeKnown: stray.exitWillBeKnown, by: ctx.actor };
    const decide = (current: Job, newest: Run | null) => toRun(ctx, current, newest, stray, facts, now);
    const inserted = await ctx.insertAdopted(job.id, decide, event, audit, now);
    if (inserted !== null && "run" in inserted) return inserted.run;
    refuseAdoption(stray, inserted ?? "no_job");
    throw new Error(`The adoption of ${strayId(stray)} was neither done nor refused.`);
  });
}

/** What really runs is what its old run says, under the settings its job has now. */
function specOf(job: Job, { run, runId, marker }: Stray): RunSpec {
  const current = { ...toRunSpec(job, [], false), parameters: null };
  const adopted = { run: runId, marker };
  if (run === null) return { ...current, args: null, adopted };
  const { kind, argv, args, cwd, runAs, env, envSecret, envFrom, checkpoint } = run.spec;
  return { ...current, kind, argv, args, cwd, runAs, env, envSecret, envFrom, checkpoint, adopted };
}

function toRun(ctx: Needs, job: Job, newest: Run | null, stray: Stray, facts: NewRunFacts, now: number): Run {
  const { run: before } = stray;
  const runId = ctx.newRunId(now);
  return newRun({
    id: runId,
    jobId: job.id,
    state: "running",
    trigger: "adopt",
    actor: ctx.actor,
    parentRunId: before?.id ?? null,
    lineageId: before?.lineageId ?? runId,
    spec: specOf(job, stray),
    realCwd: before?.realCwd ?? null,
    token: ctx.entropy(TOKEN_LENGTH),
    ...facts,
    launcher: stray.launcher,
    process: stray.identity,
    queuedAt: now,
    claimedAt: now,
    startedAt: Math.min(now, stray.startedAt),
    lastLifeAt: before?.lastLifeAt ?? null,
    // It goes on writing the old run's log.
    logBytes: before?.logBytes ?? 0,
    logDroppedBytes: before?.logDroppedBytes ?? 0,
    progress: before?.progress ?? null,
    priority: job.priority,
    usualGapMs: before?.usualGapMs ?? newest?.usualGapMs ?? null,
  });
}
