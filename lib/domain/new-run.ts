import type { Run } from "./run";

/** What only the caller who asks for the run knows. */
export type RunSeed = Pick<
  Run,
  "id" | "jobId" | "trigger" | "actor" | "spec" | "token" | "queuedAt" | "priority"
> &
  Partial<Run>;

/** A run nothing has happened to yet: queued, the first of its lineage, unless its seed says otherwise. */
export function newRun(seed: RunSeed): Run {
  return {
    state: "queued",
    version: 1,
    cause: null,
    reason: null,
    exitCode: null,
    signal: null,
    parentRunId: null,
    lineageId: seed.id,
    realCwd: null,
    workerId: null,
    hostInstance: null,
    ownerEpoch: null,
    launcher: null,
    process: null,
    graceMs: null,
    claimedAt: null,
    startedAt: null,
    stopRequestedAt: null,
    endedAt: null,
    lastLifeAt: null,
    logBytes: 0,
    logDroppedBytes: 0,
    progress: null,
    waitingFor: null,
    usualGapMs: null,
    cpuMs: null,
    peakMemoryBytes: null,
    unsettled: false,
    verdict: null,
    verdictAt: null,
    resumeFrom: null,
    lastWords: null,
    fingerprint: null,
    imported: null,
    ...seed,
  };
}
