import type { RunView } from "@/lib/contracts/run";
import type { StatusView } from "@/lib/contracts/status";

/** A completed run, for tests; `over` changes what the test is about. */
export function aRunView(over: Partial<RunView> = {}): RunView {
  return {
    id: "run_00000000000000000000",
    job: "nightly",
    state: "completed",
    cause: "exit",
    reason: "Exited with code 0.",
    exitCode: 0,
    signal: null,
    pid: 4711,
    trigger: "manual",
    actor: "operator",
    parentRunId: null,
    lineageId: "run_00000000000000000000",
    argv: ["true"],
    args: [],
    argsBefore: null,
    cwd: "/srv",
    signals: { to: "program", sequence: [{ signal: "SIGTERM", waitMs: 10_000 }] },
    queuedAt: "2026-01-01T00:00:00.000Z",
    startedAt: "2026-01-01T00:00:01.000Z",
    stopRequestedAt: null,
    endedAt: "2026-01-01T00:01:00.000Z",
    lastLifeAt: "2026-01-01T00:00:59.000Z",
    durationMs: 59_000,
    logBytes: 100,
    logDroppedBytes: 0,
    progress: null,
    checkpoint: null,
    health: null,
    verdict: null,
    resumeFrom: null,
    lastWords: null,
    fingerprint: null,
    superseded: false,
    evidence: [],
    waitingFor: null,
    priority: 0,
    cpuMs: null,
    peakMemoryBytes: null,
    unsettled: false,
    verdictSentence: null,
    imported: null,
    version: 3,
    ...over,
  };
}

export function aStatusView(run: RunView | null, over: Partial<StatusView> = {}): StatusView {
  return {
    job: run?.job ?? "nightly",
    title: "Nightly",
    enabled: true,
    running: false,
    state: "IDLE",
    lastHeartbeat: null,
    pid: null,
    managedProcess: true,
    pidFileDetected: false,
    foreign: null,
    health: run?.health ?? null,
    run,
    ...over,
  };
}
