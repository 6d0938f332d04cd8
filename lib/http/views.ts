import type { JobView } from "@/lib/contracts/job";
import type { RunEventView, RunView, UsageView } from "@/lib/contracts/run";
import type { ForeignView, StatusView } from "@/lib/contracts/status";
import { type Access, can } from "@/lib/domain/access";
import { type Fact, mergeFacts } from "@/lib/domain/health";
import type { Job } from "@/lib/domain/job";
import type { ForeignProcess } from "@/lib/domain/pid-file";
import type { StoredRunEvent } from "@/lib/domain/ports/runs";
import { reasonNow } from "@/lib/domain/reason";
import { resumeOf } from "@/lib/domain/resume";
import type { Run } from "@/lib/domain/run";
import type { SignalProfile } from "@/lib/domain/signal-profile";
import { jobState } from "@/lib/domain/status";
import { type SeenRun, type Sight, seeRun } from "@/lib/services/commands/see-run";
import type { JobStatus } from "@/lib/services/jobs/job-status";
import type { RunUsage } from "@/lib/services/runs/run-usage";

/** @param access of who sees it: values of variables are not for those who may only look */
export function toJobView(job: Job, access: Access): JobView {
  const mayRead = can(access, "operator", job);
  return {
    ...job,
    argv: [...job.argv],
    env: mayRead ? { ...job.env } : {},
    envHidden: mayRead ? [] : Object.keys(job.env).sort(),
    envSecret: [...job.envSecret].sort(),
    envFrom: { ...job.envFrom },
    timeouts: { ...job.timeouts },
    signals: toSignalsView(job.signals),
    locks: [...job.locks],
    tags: [...job.tags],
    limits: { ...job.limits },
    createdAt: instant(job.createdAt),
    updatedAt: instant(job.updatedAt),
  };
}

function toSignalsView({ to, sequence }: SignalProfile): JobView["signals"] {
  return { to, sequence: sequence.map((step) => ({ ...step })) };
}

export function toRunView(
  { run, health, recovery, facts, superseded = false, logHidden = false }: SeenRun,
  now: number,
): RunView {
  const { verdict, sentence, resumeFrom, oldFolder } = resumeOf({
    run,
    health: health?.health ?? null,
    recovery,
    superseded,
  });
  return {
    id: run.id,
    job: run.jobId,
    state: run.state,
    cause: run.cause,
    reason: reasonNow(run),
    exitCode: run.exitCode,
    signal: run.signal,
    pid: run.process?.pid ?? null,
    trigger: run.trigger,
    actor: run.actor,
    parentRunId: run.parentRunId,
    lineageId: run.lineageId,
    argv: [...run.spec.argv],
    args: run.spec.args === null ? null : [...run.spec.args],
    argsBefore: run.spec.argsBefore,
    parameters: run.spec.parameters,
    parametersSecret: [...run.spec.parametersSecret],
    parametersBefore:
      run.spec.parametersBefore === null
        ? null
        : { ...run.spec.parametersBefore, changed: [...run.spec.parametersBefore.changed] },
    cwd: run.spec.cwd,
    runAs: run.spec.runAs,
    realCwd: run.realCwd,
    signals: toSignalsView(run.spec.signals),
    queuedAt: instant(run.queuedAt),
    startedAt: instantOrNull(run.startedAt),
    stopRequestedAt: instantOrNull(run.stopRequestedAt),
    endedAt: instantOrNull(run.endedAt),
    lastLifeAt: instantOrNull(run.lastLifeAt),
    durationMs: run.startedAt === null ? null : Math.max(0, (run.endedAt ?? now) - run.startedAt),
    logBytes: run.logBytes,
    logDroppedBytes: run.logDroppedBytes,
    progress: run.progress,
    checkpoint: run.spec.checkpoint === null ? null : { path: run.spec.checkpoint },
    health: health?.health ?? null,
    verdict,
    resumeFrom,
    oldFolder,
    superseded,
    lastWords: logHidden ? null : run.lastWords,
    logHidden,
    fingerprint: logHidden ? null : run.fingerprint,
    evidence: mergeFacts(health?.evidence ?? [], recovery?.evidence ?? [], facts ?? []).map(toFactView),
    waitingFor: run.waitingFor,
    priority: run.priority,
    cpuMs: run.cpuMs,
    peakMemoryBytes: run.peakMemoryBytes,
    unsettled: run.unsettled,
    verdictSentence: sentence,
    imported: run.imported === null ? null : { ...run.imported },
    version: run.version,
  };
}

export function toFactView({ fact, value, at }: Fact) {
  return { fact, value, at: instantOrNull(at) };
}

export function toEventView({ id, at, type, data }: StoredRunEvent): RunEventView {
  return { id, at: instant(at), type, data: { ...data } };
}

export function toUsageView({ memoryLimit, points }: RunUsage): UsageView {
  return {
    memoryLimit,
    points: points.map(({ at, cpuPercent, memoryBytes, processes }) => ({
      at: instant(at),
      cpuPercent: Math.round(cpuPercent * 10) / 10,
      memoryBytes,
      processes,
    })),
  };
}

export function toStatusView(status: JobStatus, now: number): StatusView {
  const { job, newest, pidFileDetected, foreign } = status;
  const run: Run | null = newest?.run ?? null;
  const managed = jobState(run) === "RUNNING";
  const outside = !managed && foreign !== null && foreign.certain ? foreign.identity.pid : null;
  const running = managed || outside !== null;
  return {
    job: job.id,
    title: job.title,
    kind: job.kind,
    tags: [...job.tags],
    enabled: job.enabled,
    takesParameters: job.parameters !== null,
    running,
    state: running ? "RUNNING" : jobState(run),
    lastHeartbeat: instantOrNull(run?.lastLifeAt ?? null),
    pid: managed ? (run?.process?.pid ?? null) : outside,
    managedProcess: managed,
    pidFileDetected,
    foreign: foreign === null ? null : toForeignView(foreign),
    health: newest?.health?.health ?? null,
    run: newest === null ? null : toRunView(newest, now),
  };
}

export function toForeignView(process: ForeignProcess & { readonly stopping: boolean }): ForeignView {
  const { identity, command, startedAt, certain, stopping } = process;
  return { pid: identity.pid, command, startedAt: instant(startedAt), certain, stopping };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : instant(ms);
}

/** `{ run, foreign }`: what a stop answers. */
export function stopAnswer(
  ctx: Sight,
  { run, foreign }: { run: Run | null; foreign: ForeignProcess | null },
) {
  return {
    run: run === null ? null : toRunView(seeRun(ctx, run), ctx.now()),
    foreign: foreign === null ? null : toForeignView({ ...foreign, stopping: true }),
  };
}

/** `{ run }`: what commands answer. */
export function runAnswer(ctx: Sight, run: Run): { run: RunView } {
  return { run: toRunView(seeRun(ctx, run), ctx.now()) };
}
