import { describe, expect, test } from "vitest";
import { aRun, T0 } from "@/test/factories";
import { type Run, type RunState, STOP_CAUSES, type StopCause } from "./run";
import { type ExitedEvent, type RunEvent, transition } from "./transition";

const NOW = T0 + 100_000;

function runAfter(run: Run, ...events: RunEvent[]): Run {
  return events.reduce((current, event) => {
    const change = transition(current, event, NOW);
    if (!change.ok) throw new Error(change.reason);
    return change.run;
  }, run);
}

function exited(changes: Partial<ExitedEvent> = {}): ExitedEvent {
  return {
    type: "exited",
    exit: { code: 0, signal: null },
    endedAt: NOW,
    outcome: null,
    beforeSignal: false,
    ...changes,
  };
}

/** Ends after which what becomes of the work is still to be decided. */
const LEAVES_WORK: readonly RunState[] = ["interrupted", "failed", "timed_out"];

const stop = (cause: StopCause, graceMs = 5_000): RunEvent & { type: "stop_requested" } => ({
  type: "stop_requested",
  cause,
  graceMs,
  reason: `Because of ${cause}.`,
});

describe("B4 a run nobody asked to end", () => {
  const CASES = [
    ["exit 0", exited(), "completed", "exit"],
    ["exit 3", exited({ exit: { code: 3, signal: null } }), "failed", "exit"],
    ["exit 0 and its kind says unfinished", exited({ outcome: "unfinished" }), "failed", "exit"],
    ["exit 0 after a shutdown", exited({ outcome: "interrupted" }), "interrupted", "killed_outside"],
    [
      "SIGKILL from outside",
      exited({ exit: { code: null, signal: "SIGKILL" } }),
      "interrupted",
      "killed_outside",
    ],
    [
      "SIGKILL, proven to be for its memory",
      exited({ exit: { code: null, signal: "SIGKILL" }, outOfMemory: "Killed for its memory." }),
      "interrupted",
      "out_of_memory",
    ],
    [
      "an exit code of its own although a child was killed for memory",
      exited({ exit: { code: 1, signal: null }, outOfMemory: "Killed for its memory." }),
      "failed",
      "exit",
    ],
    ["SIGSEGV", exited({ exit: { code: null, signal: "SIGSEGV" } }), "failed", "crashed"],
    ["an unreadable record", exited({ exit: { code: null, signal: null } }), "interrupted", "exit_unknown"],
  ] as const;
  for (const [what, event, state, cause] of CASES) {
    for (const from of ["starting", "running"] as const) {
      test(`after ${what} a ${from} run is ${state} because of ${cause}`, () => {
        const run = runAfter(aRun(from), event);
        expect(run).toMatchObject({ state, cause, exitCode: event.exit.code, signal: event.exit.signal });
        expect(run.unsettled).toBe(LEAVES_WORK.includes(state));
        expect(run.reason).toMatch(/\.$/);
      });
    }
  }
});

describe("a run somebody in charge asked to end", () => {
  const FINAL = {
    stop: "stopped",
    restart: "stopped",
    reset: "stopped",
    start_timeout: "timed_out",
    silence: "timed_out",
    max_duration: "timed_out",
    shutdown: "interrupted",
  } as const satisfies Record<StopCause, RunState>;

  for (const cause of STOP_CAUSES) {
    test(`C2 a stop for ${cause} ends ${FINAL[cause]}, by exit or by the tree being gone, with its reason`, () => {
      const asked = runAfter(aRun("running"), stop(cause));
      const killed = exited({ exit: { code: null, signal: "SIGTERM" } });
      for (const event of [killed, exited(), { type: "tree_gone" } as const]) {
        expect(runAfter(asked, event)).toMatchObject({
          state: FINAL[cause],
          cause,
          reason: `Because of ${cause}.`,
          unsettled: LEAVES_WORK.includes(FINAL[cause]),
        });
      }
    });
  }

  test("the first cause wins: a stop during a time-out stays a time-out", () => {
    const run = runAfter(aRun("running"), stop("silence", 9_000), stop("stop", 0), { type: "tree_gone" });
    expect(run).toMatchObject({ state: "timed_out", cause: "silence", reason: "Because of silence." });
  });

  test("the first cause wins: a time-out during a stop stays a stop", () => {
    const run = runAfter(aRun("running"), stop("stop", 9_000), stop("max_duration", 0), {
      type: "tree_gone",
    });
    expect(run).toMatchObject({ state: "stopped", cause: "stop" });
  });

  test("a second stop shortens the grace, and keeps the first time", () => {
    const first = runAfter(aRun("running"), stop("stop", 9_000));
    const second = transition(first, stop("stop", 100), NOW + 50);
    expect(second).toMatchObject({
      ok: true,
      run: { graceMs: 100, stopRequestedAt: NOW, version: first.version + 1 },
    });
  });

  for (const graceMs of [9_000, 9_001]) {
    test(`a second stop with ${graceMs} ms of grace where 9000 ms run already changes nothing`, () => {
      const first = runAfter(aRun("running"), stop("stop", 9_000));
      expect(transition(first, stop("stop", graceMs), NOW).ok).toBe(false);
    });
  }

  test("a queued run that is stopped never had a process and ends at once", () => {
    const change = transition(aRun("queued", { waitingFor: "lock shared:shop" }), stop("stop"), NOW);
    expect(change).toMatchObject({
      run: { state: "stopped", cause: "stop", endedAt: NOW, stopRequestedAt: NOW, waitingFor: null },
    });
  });

  test("exit 0 after our signal is stopped, because the signal may be what made it end", () => {
    expect(runAfter(aRun("stopping"), exited())).toMatchObject({
      state: "stopped",
      cause: "stop",
      exitCode: 0,
    });
  });

  test("exit 0 before our signal is completed: it was finished before we asked", () => {
    expect(runAfter(aRun("stopping"), exited({ beforeSignal: true }))).toMatchObject({
      state: "completed",
      cause: "exit",
    });
  });

  test("exit 0 while stopping is completed when its kind proves that the work is done", () => {
    expect(runAfter(aRun("stopping"), exited({ outcome: "finished" }))).toMatchObject({
      state: "completed",
      cause: "exit",
    });
  });

  test("exit 0 before our signal with work left undone is failed, as it would be had nobody asked", () => {
    expect(runAfter(aRun("stopping"), exited({ beforeSignal: true, outcome: "unfinished" }))).toMatchObject({
      state: "failed",
      cause: "exit",
    });
  });

  test("the verdict finished does not turn a failure into a success", () => {
    const failed = exited({ exit: { code: 1, signal: null }, outcome: "finished" });
    expect(runAfter(aRun("stopping"), failed)).toMatchObject({
      state: "stopped",
      cause: "stop",
      exitCode: 1,
    });
  });

  test("a crash before our signal is told as the crash it was", () => {
    const crashed = exited({ exit: { code: null, signal: "SIGSEGV" }, beforeSignal: true });
    expect(runAfter(aRun("stopping"), crashed)).toMatchObject({ state: "failed", cause: "crashed" });
  });

  test("a run lost while it is being stopped is interrupted, and its first cause stays", () => {
    const gone = { type: "lost", cause: "host_rebooted", reason: "Rebooted.", endedAt: NOW - 5 } as const;
    expect(runAfter(aRun("stopping"), gone)).toMatchObject({
      state: "interrupted",
      cause: "stop",
      reason: "Rebooted.",
      endedAt: NOW - 5,
    });
  });
});

describe("the time of an end", () => {
  test("is the record's, not the moment somebody read it", () => {
    expect(runAfter(aRun("running"), exited({ endedAt: NOW - 40_000 })).endedAt).toBe(NOW - 40_000);
  });

  test("is never before the start, even when the clock was set back", () => {
    const run = aRun("running");
    expect(runAfter(run, exited({ endedAt: T0 - 3_600_000 })).endedAt).toBe(run.startedAt);
  });

  test("is never before the queueing of a run that had no start", () => {
    const run = aRun("queued", { queuedAt: NOW + 9_000 });
    expect(runAfter(run, stop("stop")).endedAt).toBe(NOW + 9_000);
  });

  test("is now for a run lost without anybody knowing when", () => {
    const gone = { type: "lost", cause: "exit_unknown", reason: "Gone.", endedAt: null } as const;
    expect(runAfter(aRun("running"), gone).endedAt).toBe(NOW);
  });
});

test("a run that is being stopped when the kernel kills it for its memory is stopped: the first cause wins", () => {
  const kill = { exit: { code: null, signal: "SIGKILL" }, outOfMemory: "Killed for its memory." };
  expect(runAfter(aRun("running"), stop("stop"), exited(kill))).toMatchObject({
    state: "stopped",
    cause: "stop",
  });
});
