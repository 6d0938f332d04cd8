import type { JobId } from "@/lib/domain/ids";
import {
  type Job,
  type JobKind,
  type Limits,
  type LogWay,
  NO_LIMITS,
  type SilenceAction,
  type StuckAction,
} from "@/lib/domain/job";
import type { JobParameters } from "@/lib/domain/parameters";
import type { SignalProfile } from "@/lib/domain/signal-profile";
import { earlierSignals } from "@/lib/domain/signals";
import type { Job as JobRow } from "./generated/client";
import { json, reading, stored } from "./stored";

/** @throws AppError ROW_UNREADABLE */
export function toJob(row: JobRow): Job {
  return reading(`job ${row.id}`, () => jobIn(row));
}

function jobIn(row: JobRow): Job {
  return {
    id: stored<JobId>(row.id),
    title: row.title,
    kind: stored<JobKind>(row.kind),
    argv: json<string[]>(row.argv),
    cwd: row.cwd,
    runAs: row.runAs,
    env: json<Record<string, string>>(row.env),
    envSecret: json<string[]>(row.envSecret),
    envFrom: json<Record<string, string>>(row.envFrom),
    parameters: row.parameters === null ? null : json<JobParameters>(row.parameters),
    checkpoint: row.checkpoint,
    pidFile: row.pidFile,
    timeouts: {
      startMs: row.startMs,
      silenceMs: Number(row.silenceMs),
      maxDurationMs: row.maxDurationMs === null ? null : Number(row.maxDurationMs),
      stopGraceMs: row.stopGraceMs,
    },
    signals: signalsOf(stored<JobKind>(row.kind), row.stopGraceMs, row.signals),
    onSilence: stored<SilenceAction>(row.onSilence),
    locks: json<string[]>(row.locks),
    tags: json<string[]>(row.tags),
    priority: row.priority,
    limits: { ...NO_LIMITS, ...json<Partial<Limits>>(row.limits) },
    logCapBytes: Number(row.logCapBytes),
    logVia: stored<LogWay>(row.logVia),
    logEncoding: row.logEncoding,
    resumeAfterShutdown: row.resumeAfterShutdown,
    privateLog: row.privateLog,
    autoRecover: row.autoRecover,
    stuckAfterMs: Number(row.stuckAfterMs),
    onStuck: stored<StuckAction>(row.onStuck),
    enabled: row.enabled,
    version: row.version,
    createdAt: row.createdAt.getTime(),
    updatedAt: row.updatedAt.getTime(),
  };
}

/** `{}`: written before there were profiles. */
function signalsOf(kind: JobKind, stopGraceMs: number, text: string): SignalProfile {
  return { ...earlierSignals(kind, stopGraceMs), ...json<Partial<SignalProfile>>(text) };
}

/** @throws AppError ROW_UNREADABLE */
export function toArgv(job: string, text: string): readonly string[] {
  return reading(`job ${job}`, () => json<string[]>(text));
}

export function fromJob(job: Job): Omit<JobRow, "newestRunId" | "deletingSince"> {
  return {
    id: job.id,
    title: job.title,
    kind: job.kind,
    argv: JSON.stringify(job.argv),
    cwd: job.cwd,
    runAs: job.runAs,
    env: JSON.stringify(job.env),
    envSecret: JSON.stringify(job.envSecret),
    envFrom: JSON.stringify(job.envFrom),
    parameters: job.parameters === null ? null : JSON.stringify(job.parameters),
    checkpoint: job.checkpoint,
    pidFile: job.pidFile,
    startMs: job.timeouts.startMs,
    silenceMs: BigInt(job.timeouts.silenceMs),
    maxDurationMs: job.timeouts.maxDurationMs === null ? null : BigInt(job.timeouts.maxDurationMs),
    stopGraceMs: job.timeouts.stopGraceMs,
    signals: JSON.stringify(job.signals),
    onSilence: job.onSilence,
    locks: JSON.stringify(job.locks),
    tags: JSON.stringify(job.tags),
    priority: job.priority,
    limits: JSON.stringify(job.limits),
    logCapBytes: BigInt(job.logCapBytes),
    logVia: job.logVia,
    logEncoding: job.logEncoding,
    resumeAfterShutdown: job.resumeAfterShutdown,
    privateLog: job.privateLog,
    autoRecover: job.autoRecover,
    stuckAfterMs: BigInt(job.stuckAfterMs),
    onStuck: job.onStuck,
    enabled: job.enabled,
    version: job.version,
    createdAt: new Date(job.createdAt),
    updatedAt: new Date(job.updatedAt),
  };
}
