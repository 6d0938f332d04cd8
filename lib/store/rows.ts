import { isAppError } from "@/lib/domain/errors";
import { DEFAULT_STUCK_AFTER_MS } from "@/lib/domain/health";
import type { JobId, RunId, WorkerId } from "@/lib/domain/ids";
import { DEFAULT_LOG_CAP_BYTES, DEFAULT_LOG_ENCODING, NO_LIMITS, type RunSpec } from "@/lib/domain/job";
import type { ProcessIdentity, Progress, Run, RunCause, RunState, RunTrigger } from "@/lib/domain/run";
import { earlierSignals } from "@/lib/domain/signals";
import type { RecoveryVerdict } from "@/lib/domain/verdict";
import type { Run as RunRow } from "./generated/client";
import { json, reading, stored } from "./stored";

export function toRunState(row: Pick<RunRow, "id" | "state">): Pick<Run, "id" | "state"> {
  return { id: stored<RunId>(row.id), state: stored<RunState>(row.state) };
}

/** @throws AppError ROW_UNREADABLE */
export function toRun(row: RunRow): Run {
  return reading(`run ${row.id}`, () => runIn(row));
}

/**
 * For showing only, never for writing back: of a run whose row cannot be read, what its plain columns say, and that it cannot be read as
 * the reason. Without it a job would seem never to have run.
 */
export function toShownRun(row: RunRow): Run {
  try {
    return toRun(row);
  } catch (error) {
    if (!isAppError(error) || error.code !== "ROW_UNREADABLE") throw error;
    return {
      ...runIn({ ...row, spec: UNKNOWN_SPEC, progress: null, imported: null }),
      reason: error.message,
    };
  }
}

function runIn(row: RunRow): Run {
  return {
    id: stored<RunId>(row.id),
    jobId: stored<JobId>(row.jobId),
    state: stored<RunState>(row.state),
    version: row.version,
    cause: stored<RunCause | null>(row.cause),
    reason: row.reason,
    exitCode: row.exitCode,
    signal: row.signal,
    trigger: stored<RunTrigger>(row.trigger),
    actor: row.actor,
    parentRunId: stored<RunId | null>(row.parentRunId),
    lineageId: stored<RunId>(row.lineageId),
    spec: toSpec(row.spec),
    realCwd: row.realCwd,
    token: row.token,
    workerId: stored<WorkerId | null>(row.workerId),
    hostInstance: row.hostInstance,
    ownerEpoch: row.ownerEpoch,
    launcher: identity(row.launcherPid, row.launcherTicks),
    process: identity(row.pid, row.pidTicks),
    graceMs: row.graceMs,
    queuedAt: row.queuedAt.getTime(),
    claimedAt: row.claimedAt?.getTime() ?? null,
    startedAt: row.startedAt?.getTime() ?? null,
    stopRequestedAt: row.stopRequestedAt?.getTime() ?? null,
    endedAt: row.endedAt?.getTime() ?? null,
    lastLifeAt: row.lastLifeAt?.getTime() ?? null,
    logBytes: Number(row.logBytes),
    logDroppedBytes: Number(row.logDroppedBytes),
    progress: row.progress === null ? null : json<Progress>(row.progress),
    waitingFor: row.waitingFor,
    priority: row.priority,
    usualGapMs: numberOrNull(row.usualGapMs),
    cpuMs: numberOrNull(row.cpuMs),
    peakMemoryBytes: numberOrNull(row.peakMemoryBytes),
    unsettled: row.unsettled,
    verdict: stored<RecoveryVerdict | null>(row.verdict),
    verdictAt: row.verdictAt?.getTime() ?? null,
    resumeFrom: row.resumeFrom,
    lastWords: row.lastWords,
    fingerprint: row.fingerprint,
    imported: row.imported === null ? null : json<NonNullable<Run["imported"]>>(row.imported),
  };
}

/** What a spec of an earlier version did not say. */
const EARLIER = {
  args: null,
  argsBefore: null,
  parameters: null,
  parametersSecret: [],
  parametersBefore: null,
  envSecret: [],
  envFrom: {},
  runAs: null,
  pidFile: null,
  tags: [],
  limits: NO_LIMITS,
  logCapBytes: DEFAULT_LOG_CAP_BYTES,
  logVia: "file" as const,
  logEncoding: DEFAULT_LOG_ENCODING,
  stuckAfterMs: DEFAULT_STUCK_AFTER_MS,
  oldFolder: null,
  byHand: null,
  adopted: null,
};

/** Shown of a run whose own cannot be read; nothing is done by it. */
const UNKNOWN_SPEC = JSON.stringify({
  kind: "command",
  argv: ["unknown"],
  cwd: "/",
  env: {},
  checkpoint: null,
  timeouts: { startMs: 60_000, silenceMs: 600_000, maxDurationMs: null, stopGraceMs: 10_000 },
  onSilence: "flag",
  locks: [],
  fresh: false,
} satisfies Partial<RunSpec>);

/** What follows from what it did say. */
function earlierIn({ kind, timeouts }: Partial<RunSpec>): Partial<Pick<RunSpec, "signals">> {
  if (kind === undefined || timeouts === undefined) return {};
  return { signals: earlierSignals(kind, timeouts.stopGraceMs) };
}

function toSpec(text: string): RunSpec {
  const spec = json<RunSpec | null>(text);
  if (typeof spec !== "object" || spec === null) throw new SyntaxError("its spec is not an object");
  return { ...EARLIER, ...earlierIn(spec), ...spec };
}

function numberOrNull(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

function bigintOrNull(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

function identity(pid: number | null, ticks: bigint | null): ProcessIdentity | null {
  return pid === null || ticks === null ? null : { pid, startTicks: Number(ticks) };
}

/** `activeKey` is derived here and nowhere else: the job's id exactly while the run is active. */
export function fromRun(run: Run, active: boolean): RunRow {
  return {
    id: run.id,
    jobId: run.jobId,
    state: run.state,
    version: run.version,
    cause: run.cause,
    reason: run.reason,
    exitCode: run.exitCode,
    signal: run.signal,
    trigger: run.trigger,
    actor: run.actor,
    parentRunId: run.parentRunId,
    lineageId: run.lineageId,
    spec: JSON.stringify(run.spec),
    realCwd: run.realCwd,
    token: run.token,
    activeKey: active ? run.jobId : null,
    workerId: run.workerId,
    hostInstance: run.hostInstance,
    ownerEpoch: run.ownerEpoch,
    launcherPid: run.launcher?.pid ?? null,
    launcherTicks: run.launcher === null ? null : BigInt(run.launcher.startTicks),
    pid: run.process?.pid ?? null,
    pidTicks: run.process === null ? null : BigInt(run.process.startTicks),
    graceMs: run.graceMs,
    queuedAt: new Date(run.queuedAt),
    claimedAt: date(run.claimedAt),
    startedAt: date(run.startedAt),
    stopRequestedAt: date(run.stopRequestedAt),
    endedAt: date(run.endedAt),
    lastLifeAt: date(run.lastLifeAt),
    logBytes: BigInt(run.logBytes),
    logDroppedBytes: BigInt(run.logDroppedBytes),
    progress: run.progress === null ? null : JSON.stringify(run.progress),
    waitingFor: run.waitingFor,
    priority: run.priority,
    usualGapMs: bigintOrNull(run.usualGapMs),
    cpuMs: bigintOrNull(run.cpuMs),
    peakMemoryBytes: bigintOrNull(run.peakMemoryBytes),
    unsettled: run.unsettled,
    verdict: run.verdict,
    verdictAt: date(run.verdictAt),
    resumeFrom: run.resumeFrom,
    lastWords: run.lastWords,
    fingerprint: run.fingerprint,
    imported: run.imported === null ? null : JSON.stringify(run.imported),
    importKey: run.imported === null ? null : importKey(run.imported),
  };
}

/** A record of another system is taken over once. */
export function importKey({ source, externalId }: NonNullable<Run["imported"]>): string {
  return JSON.stringify([source, externalId]);
}

function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
