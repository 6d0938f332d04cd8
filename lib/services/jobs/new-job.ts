import type { JobId } from "@/lib/domain/ids";
import type { Job, Timeouts } from "@/lib/domain/job";
import { stopProfile } from "@/lib/kinds/stop-profile";

type Given<Value> = { readonly [Key in keyof Value]?: Value[Key] | undefined };

/** What may be said of a job; the rest has defaults. */
export type JobInput = Given<
  Omit<Job, "id" | "argv" | "timeouts" | "version" | "createdAt" | "updatedAt">
> & {
  readonly timeouts?: Given<Timeouts> | undefined;
};

const DEFAULT_START_MS = 60_000;
const DEFAULT_SILENCE_MS = 600_000;

export function newJob(
  id: JobId,
  argv: readonly string[],
  input: JobInput,
  defaultCwd: string,
  now: number,
): Job {
  const kind = input.kind ?? "command";
  return {
    id,
    title: input.title ?? id,
    kind,
    argv,
    cwd: input.cwd ?? defaultCwd,
    env: input.env ?? {},
    checkpoint: input.checkpoint ?? null,
    pidFile: input.pidFile ?? null,
    timeouts: withDefaults(input.timeouts, stopProfile(kind).graceMs),
    onSilence: input.onSilence ?? "stop",
    locks: input.locks ?? [],
    tags: input.tags ?? [],
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
    stopGraceMs: given?.stopGraceMs ?? graceMs,
  };
}

/** The job with what was said changed and the rest as it was. */
export function changedJob(
  job: Job,
  input: JobInput & { readonly argv?: readonly string[] | undefined },
  now: number,
): Job {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const timeouts = Object.fromEntries(
    Object.entries(input.timeouts ?? {}).filter(([, value]) => value !== undefined),
  );
  return {
    ...job,
    ...given,
    timeouts: { ...job.timeouts, ...timeouts },
    version: job.version + 1,
    updatedAt: now,
  };
}
