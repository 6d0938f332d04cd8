import { randomUUID } from "node:crypto";
import { type JobId, makeRunId, type RunId, type WorkerId } from "@/lib/domain/ids";
import type { ImportedRow } from "@/lib/domain/import";
import { DEFAULT_LOG_CAP_BYTES, type Job, NO_LIMITS, toRunSpec } from "@/lib/domain/job";
import { newRun } from "@/lib/domain/new-run";
import type { LiveFacts } from "@/lib/domain/ports/host";
import { isFinal, type Run, type RunState } from "@/lib/domain/run";
import { usualSignals } from "@/lib/domain/signals";

/** A moment all test values start from: 2026-01-01T00:00:00Z. */
export const T0 = 1_767_225_600_000;

/** A job id without the parser: only for tests, which know what they write. */
export function jobId(text: string): JobId {
  return text as JobId;
}

/** A run id without the parser: only for tests of what happens to ids nobody has. */
export function runId(text: string): RunId {
  return text as RunId;
}

/** The worker that runs of tests have, unless they say otherwise. */
export const WORKER = "wrk_00000000000000000000" as WorkerId;

let made = 0;

/**
 * A fresh run id, later than every one before it. No other run of the tests on this machine has it: real processes are found by it.
 */
export function nextRunId(): RunId {
  made += 1;
  return makeRunId(T0 + made, randomUUID().replaceAll("-", ""));
}

export function aJob(changes: Partial<Job> = {}): Job {
  return {
    id: jobId("nightly"),
    title: "Nightly",
    kind: "command",
    argv: ["node", "scrape.mjs"],
    cwd: "/",
    runAs: null,
    env: {},
    envSecret: [],
    envFrom: {},
    parameters: null,
    checkpoint: null,
    pidFile: null,
    timeouts: { startMs: 60_000, silenceMs: 600_000, maxDurationMs: null, stopGraceMs: 10_000 },
    signals: usualSignals("command"),
    onSilence: "stop",
    locks: [],
    tags: [],
    priority: 0,
    limits: NO_LIMITS,
    logCapBytes: DEFAULT_LOG_CAP_BYTES,
    logVia: "auto",
    logEncoding: "utf-8",
    resumeAfterShutdown: false,
    privateLog: false,
    autoRecover: false,
    stuckAfterMs: 86_400_000,
    onStuck: "alert",
    enabled: true,
    version: 1,
    createdAt: T0,
    updatedAt: T0,
    ...changes,
  };
}

/** A queued run of a job, as `startJob` makes it. */
export function aQueuedRun(job: Job = aJob(), changes: Partial<Run> = {}): Run {
  return newRun({
    id: nextRunId(),
    jobId: job.id,
    trigger: "manual",
    actor: "operator",
    spec: toRunSpec(job, [], false),
    token: "t0k3n",
    queuedAt: T0,
    priority: 0,
    ...changes,
  });
}

const CLAIMED = { workerId: WORKER, hostInstance: "boot/1/1", ownerEpoch: 1, claimedAt: T0 + 1_000 };
const SPAWNED = {
  ...CLAIMED,
  launcher: { pid: 4_000, startTicks: 77 },
  process: { pid: 4_001, startTicks: 78 },
  startedAt: T0 + 2_000,
};
const ENDED = { ...SPAWNED, endedAt: T0 + 60_000 };

/** What a run of each state looks like at its plainest. */
const PLAIN = {
  queued: {},
  starting: CLAIMED,
  running: SPAWNED,
  stopping: { ...SPAWNED, cause: "stop", graceMs: 10_000, stopRequestedAt: T0 + 30_000 },
  completed: { ...ENDED, cause: "exit", exitCode: 0 },
  failed: { ...ENDED, cause: "exit", exitCode: 1, unsettled: true },
  stopped: { ...ENDED, cause: "stop", signal: "SIGTERM" },
  timed_out: { ...ENDED, cause: "silence", signal: "SIGTERM", unsettled: true },
  interrupted: { ...ENDED, cause: "killed_outside", signal: "SIGKILL", unsettled: true },
  cleaned: { ...ENDED, cause: "cleanup" },
} as const satisfies Record<RunState, Partial<Run>>;

/** A run in a state, believable in every field. */
export function aRun(state: RunState = "running", changes: Partial<Run> = {}): Run {
  const version = isFinal(state) ? 5 : 2;
  return { ...aQueuedRun(), version, ...PLAIN[state], state, ...changes };
}

/** What memory knows of a run that lives and has just written something. */
export function liveFacts(changes: Partial<LiveFacts> = {}): LiveFacts {
  return {
    logBytes: 0,
    lastLifeAt: T0,
    progress: null,
    usualGapMs: null,
    cpuMs: null,
    peakMemoryBytes: null,
    processAlive: true,
    lastLifeSource: "log",
    quietMs: 0,
    ranMs: 60_000,
    waits: null,
    stoppingMs: null,
    ...changes,
  };
}

/** A row of another system that says it runs, since T0. */
export function anImportedRow(changes: Partial<ImportedRow> = {}): ImportedRow {
  return {
    job: jobId("nightly"),
    externalId: "1",
    otherId: null,
    state: "running",
    startedAt: T0,
    startIsEarliest: false,
    endedAt: null,
    lastActivityAt: null,
    pid: 77,
    host: null,
    hostIsUnsure: false,
    progress: null,
    checkpoint: null,
    exitCode: null,
    error: null,
    jobTitle: null,
    ...changes,
  };
}
