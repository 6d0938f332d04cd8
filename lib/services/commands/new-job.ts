import { AppError } from "@/lib/domain/errors";
import { DEFAULT_STUCK_AFTER_MS } from "@/lib/domain/health";
import type { JobId } from "@/lib/domain/ids";
import {
  DEFAULT_LOG_CAP_BYTES,
  DEFAULT_LOG_ENCODING,
  type Job,
  type Limits,
  NO_LIMITS,
  type Timeouts,
} from "@/lib/domain/job";
import { graceOf } from "@/lib/domain/signals";
import { shortThreshold } from "@/lib/domain/stuck";
import { changedSignals, type GivenSignals, newSignals } from "./job-signals";

/**
 * What a client says of a job beside its settings: that a threshold below the shortest safe one is meant.
 * @throws AppError INVALID_INPUT
 */
export function checkThreshold(stuckAfterMs: number | undefined, allowShort: boolean | undefined): void {
  const danger = stuckAfterMs === undefined || allowShort === true ? null : shortThreshold(stuckAfterMs);
  if (danger !== null) throw new AppError("INVALID_INPUT", `stuckAfterMs: ${danger}.`, { stuckAfterMs });
}

type Given<Value> = { readonly [Key in keyof Value]?: Value[Key] | undefined };

/** What may be said of a job; the rest has defaults. */
export type JobInput = Given<
  Omit<
    Job,
    | "id"
    | "argv"
    | "env"
    | "envSecret"
    | "timeouts"
    | "signals"
    | "limits"
    | "version"
    | "createdAt"
    | "updatedAt"
  >
> & {
  readonly signals?: GivenSignals;
  readonly limits?: Given<Limits> | undefined;
  readonly timeouts?: Given<Timeouts> | undefined;
};

const DEFAULT_START_MS = 60_000;
const DEFAULT_SILENCE_MS = 600_000;

export function newJob(
  id: JobId,
  argv: readonly string[],
  input: JobInput & { readonly env: Job["env"]; readonly envSecret: Job["envSecret"] },
  defaultCwd: string,
  now: number,
): Job {
  const kind = input.kind ?? "command";
  const signals = newSignals(kind, input);
  return {
    id,
    title: input.title ?? id,
    kind,
    argv,
    cwd: input.cwd ?? defaultCwd,
    runAs: input.runAs ?? null,
    env: input.env,
    envSecret: input.envSecret,
    envFrom: input.envFrom ?? {},
    parameters: input.parameters ?? null,
    checkpoint: input.checkpoint ?? null,
    pidFile: input.pidFile ?? null,
    timeouts: withDefaults(input.timeouts, graceOf(signals)),
    signals,
    onSilence: input.onSilence ?? "stop",
    locks: input.locks ?? [],
    tags: input.tags ?? [],
    priority: input.priority ?? 0,
    limits: { ...NO_LIMITS, ...said(input.limits) },
    logCapBytes: input.logCapBytes ?? DEFAULT_LOG_CAP_BYTES,
    logVia: input.logVia ?? "auto",
    logEncoding: input.logEncoding ?? DEFAULT_LOG_ENCODING,
    privateLog: input.privateLog ?? false,
    resumeAfterShutdown: input.resumeAfterShutdown ?? false,
    autoRecover: input.autoRecover ?? false,
    stuckAfterMs: input.stuckAfterMs ?? DEFAULT_STUCK_AFTER_MS,
    onStuck: input.onStuck ?? "alert",
    enabled: input.enabled ?? true,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

function withDefaults(given: Given<Timeouts> | undefined, graceMs: number): Timeouts {
  return {
    startMs: given?.startMs ?? DEFAULT_START_MS,
    silenceMs: given?.silenceMs ?? DEFAULT_SILENCE_MS,
    maxDurationMs: given?.maxDurationMs ?? null,
    stopGraceMs: graceMs,
  };
}

/** The job with what was said changed and the rest as it was. */
export function changedJob(
  job: Job,
  input: JobInput &
    Partial<Pick<Job, "env" | "envSecret">> & { readonly argv?: readonly string[] | undefined },
  now: number,
): Job {
  const signals = changedSignals(job, input);
  return {
    ...job,
    ...said(input),
    timeouts: { ...job.timeouts, ...said(input.timeouts), stopGraceMs: graceOf(signals) },
    signals,
    limits: { ...job.limits, ...said(input.limits) },
    version: job.version + 1,
    updatedAt: now,
  };
}

/** The fields that were given a value. */
export function said<Value extends object>(
  given: Value | undefined,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };
}
