import { describe, expect, test } from "vitest";
import { aRun, T0, WORKER } from "@/test/factories";
import { isFinal, RUN_STATES, type RunState } from "./run";
import { RUN_EVENT_TYPES, type RunEvent, transition } from "./transition";

const NOW = T0 + 100_000;

type EventType = RunEvent["type"];

const EVENTS = {
  claimed: { type: "claimed", workerId: WORKER, hostInstance: "boot/1/1", ownerEpoch: 3 },
  spawned: {
    type: "spawned",
    launcher: { pid: 5_000, startTicks: 90 },
    process: { pid: 5_001, startTicks: 91 },
  },
  launch_failed: { type: "launch_failed", reason: "spawn ENOENT" },
  stop_requested: { type: "stop_requested", cause: "stop", graceMs: 1_000, reason: "Stopped by operator." },
  exited: {
    type: "exited",
    exit: { code: 0, signal: null },
    endedAt: NOW,
    outcome: null,
    beforeSignal: false,
  },
  tree_gone: { type: "tree_gone" },
  lost: { type: "lost", cause: "host_rebooted", reason: "The host was restarted.", endedAt: null },
  cleaned: { type: "cleaned", reason: "Timeout – Auto-cleaned" },
  clean_undone: { type: "clean_undone", reason: "It was alive after all." },
} as const satisfies { [Type in EventType]: RunEvent & { type: Type } };

type Expected = RunState | "refused";

const REFUSES_ALL = {
  claimed: "refused",
  spawned: "refused",
  launch_failed: "refused",
  stop_requested: "refused",
  exited: "refused",
  tree_gone: "refused",
  lost: "refused",
  cleaned: "refused",
  clean_undone: "refused",
} as const satisfies Record<EventType, Expected>;

const TABLE = {
  queued: { ...REFUSES_ALL, claimed: "starting", stop_requested: "stopped" },
  starting: {
    claimed: "refused",
    spawned: "running",
    launch_failed: "failed",
    stop_requested: "stopping",
    exited: "completed",
    tree_gone: "refused",
    lost: "interrupted",
    cleaned: "refused",
    clean_undone: "refused",
  },
  running: {
    claimed: "refused",
    spawned: "refused",
    launch_failed: "refused",
    stop_requested: "stopping",
    exited: "completed",
    tree_gone: "refused",
    lost: "interrupted",
    cleaned: "refused",
    clean_undone: "refused",
  },
  stopping: {
    claimed: "refused",
    spawned: "refused",
    launch_failed: "refused",
    stop_requested: "stopping",
    exited: "stopped",
    tree_gone: "stopped",
    lost: "interrupted",
    cleaned: "refused",
    clean_undone: "refused",
  },
  completed: REFUSES_ALL,
  failed: REFUSES_ALL,
  stopped: REFUSES_ALL,
  timed_out: REFUSES_ALL,
  interrupted: { ...REFUSES_ALL, cleaned: "cleaned" },
  cleaned: { ...REFUSES_ALL, clean_undone: "interrupted" },
} as const satisfies Record<RunState, Record<EventType, Expected>>;

describe("C1 every state takes or refuses every event", () => {
  for (const state of RUN_STATES) {
    for (const type of RUN_EVENT_TYPES) {
      const expected: Expected = TABLE[state][type];
      test(`a ${state} run given "${type}" is ${expected}`, () => {
        const run = aRun(state);
        const before = structuredClone(run);
        const change = transition(run, EVENTS[type], NOW);
        expect(run, "the run handed in is never changed").toEqual(before);
        if (expected === "refused") {
          expect(change).toEqual({ ok: false, reason: `A ${state} run does not take "${type}".` });
          return;
        }
        expect(change).toMatchObject({ ok: true, run: { state: expected } });
        if (!change.ok) throw new Error(change.reason);
        expect(change.run.version).toBe(run.version + 1);
        expect(change.run.endedAt !== null).toBe(isFinal(change.run.state));
      });
    }
  }
});

test("a claim records who has the run, when, and that it waits for nothing any more", () => {
  const change = transition(
    aRun("queued", { waitingFor: "lock shared:shop, held by run_x" }),
    EVENTS.claimed,
    NOW,
  );
  expect(change).toMatchObject({
    run: {
      workerId: WORKER,
      hostInstance: "boot/1/1",
      ownerEpoch: 3,
      claimedAt: NOW,
      waitingFor: null,
      startedAt: null,
    },
  });
});

test("a spawn records both identities and the time, and nothing of the past is lost", () => {
  const run = aRun("starting");
  const { launcher, process } = EVENTS.spawned;
  expect(transition(run, EVENTS.spawned, NOW)).toEqual({
    ok: true,
    run: { ...run, state: "running", version: run.version + 1, startedAt: NOW, launcher, process },
  });
});

test("a spawn that comes while the run is being stopped is recorded, because the stop needs the identity", () => {
  const run = aRun("stopping", { startedAt: null, launcher: null, process: null });
  const change = transition(run, EVENTS.spawned, NOW);
  expect(change).toMatchObject({
    ok: true,
    run: { state: "stopping", cause: "stop", startedAt: NOW, process: { pid: 5_001, startTicks: 91 } },
  });
});

test("a second spawn of a stopping run is refused: the first identity stands", () => {
  expect(transition(aRun("stopping"), EVENTS.spawned, NOW).ok).toBe(false);
});

test("B10 a launch that fails says so on the run, with the reason", () => {
  const change = transition(aRun("starting"), EVENTS.launch_failed, NOW);
  expect(change).toMatchObject({
    run: { state: "failed", cause: "launch_failed", reason: "Failed to start: spawn ENOENT", endedAt: NOW },
  });
});

test("a launch that fails after a stop was asked for is the stop's end, not a failure", () => {
  const run = aRun("stopping", { startedAt: null, launcher: null, process: null, reason: "Stopped by me." });
  const change = transition(run, EVENTS.launch_failed, NOW);
  expect(change).toMatchObject({
    run: { state: "stopped", cause: "stop", reason: "Stopped by me." },
  });
});

test("E3 E10 UX-A1 why a run ended stays, whatever is said when it is cleaned up and when that is undone", () => {
  const ended = aRun("interrupted", { cause: "killed_outside", reason: "Ended by SIGKILL.", endedAt: NOW });
  const cleaned = transition(ended, EVENTS.cleaned, NOW + 5);
  if (!cleaned.ok) throw new Error(cleaned.reason);
  const kept = { cause: "killed_outside", reason: "Ended by SIGKILL.", endedAt: NOW };
  expect(cleaned.run).toMatchObject({ ...kept, state: "cleaned", unsettled: false });
  for (const reason of ["It was alive after all.", null]) {
    const undone = transition(cleaned.run, { type: "clean_undone", reason }, NOW + 9);
    expect(undone).toMatchObject({ run: { ...kept, state: "interrupted", unsettled: true } });
  }
});
