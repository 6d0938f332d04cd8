import { type Exit, judgeExit, type KindOutcome, type UnaskedOutcome } from "./exit";
import type { WorkerId } from "./ids";
import { withLeftBehind } from "./reason";
import {
  type FinalState,
  type HostInstance,
  isFinal,
  type LostCause,
  type ProcessIdentity,
  type Run,
  type StopCause,
} from "./run";
import { unreachable } from "./unreachable";

export type RunEvent =
  | {
      readonly type: "claimed";
      readonly workerId: WorkerId;
      readonly hostInstance: HostInstance;
      readonly ownerEpoch: number;
    }
  | {
      readonly type: "spawned";
      readonly launcher: ProcessIdentity;
      readonly process: ProcessIdentity | null;
      /** The folder it works in, links followed; absent: not known. */
      readonly realCwd?: string | null;
    }
  | { readonly type: "launch_failed"; readonly reason: string }
  | {
      readonly type: "stop_requested";
      readonly cause: StopCause;
      readonly graceMs: number;
      readonly reason: string | null;
    }
  | ExitedEvent
  | { readonly type: "tree_gone" }
  | {
      readonly type: "lost";
      readonly cause: LostCause;
      readonly reason: string;
      readonly endedAt: number | null;
    }
  /** `planId`: the plan that says so, which can be undone. */
  | { readonly type: "cleaned"; readonly reason: string; readonly planId?: string }
  /** `reason`: the operator's words, kept in the timeline and the plan; null: none were given. */
  | { readonly type: "clean_undone"; readonly reason: string | null };

export type ExitedEvent = {
  readonly type: "exited";
  readonly exit: Exit;
  /** Wall time of the end: when the exit record was written, which may be long before anybody read it. */
  readonly endedAt: number;
  readonly outcome: KindOutcome | null;
  /** What the outcome rests on, in sentences. */
  readonly outcomeReason?: string;
  /** True when the end came before our first signal could have caused it. */
  readonly beforeSignal: boolean;
  /** Command lines of what its program had left behind and was ended, first of all. */
  readonly leftBehind?: readonly string[];
  /** The kernel's proof that the run was killed for its memory limit, in words; only where there is such proof. */
  readonly outOfMemory?: string;
};

export const RUN_EVENT_TYPES = [
  "claimed",
  "spawned",
  "launch_failed",
  "stop_requested",
  "exited",
  "tree_gone",
  "lost",
  "cleaned",
  "clean_undone",
] as const satisfies readonly RunEvent["type"][];

/** A run whose state changed from active to final lets go of its locks in the same transaction; nothing else follows from a change. */
export type Transition =
  | { readonly ok: true; readonly run: Run }
  | { readonly ok: false; readonly reason: string };

/**
 * The only way a run's state changes. Refusing is a value: a late or repeated event is normal life.
 * @param now epoch milliseconds
 */
export function transition(run: Run, event: RunEvent, now: number): Transition {
  if (isFinal(run.state) && !settles(run, event)) return refuse(run, event);
  switch (event.type) {
    case "claimed":
      return run.state === "queued" ? claim(run, event, now) : refuse(run, event);
    case "spawned":
      return spawned(run, event, now);
    case "launch_failed":
      return launchFailed(run, event, now);
    case "stop_requested":
      return stopRequested(run, event, now);
    case "exited":
      return exited(run, event);
    case "tree_gone":
      return run.state === "stopping" ? treeGone(run, now) : refuse(run, event);
    case "lost":
      return run.state === "queued" ? refuse(run, event) : lost(run, event, now);
    case "cleaned":
      return run.state === "interrupted"
        ? change(run, { state: "cleaned", unsettled: false })
        : refuse(run, event);
    case "clean_undone":
      return run.state === "cleaned"
        ? change(run, { state: "interrupted", unsettled: true })
        : refuse(run, event);
    default:
      return unreachable(event);
  }
}

/**
 * The one pair of final states that may change: an interrupted run is settled by cleaning it, which can be undone. Cause, reason and
 * time of its end never change again.
 */
function settles({ state }: Run, { type }: RunEvent): boolean {
  return (state === "interrupted" && type === "cleaned") || (state === "cleaned" && type === "clean_undone");
}

function claim(run: Run, event: RunEvent & { type: "claimed" }, now: number): Transition {
  const { workerId, hostInstance, ownerEpoch } = event;
  const claimed = { workerId, hostInstance, ownerEpoch, claimedAt: now, waitingFor: null };
  return change(run, { ...claimed, state: "starting" });
}

/** A stop may overtake the launch: then the identity is still recorded, because the stop needs it. */
function spawned(run: Run, event: RunEvent & { type: "spawned" }, now: number): Transition {
  if (run.state !== "starting" && run.state !== "stopping") return refuse(run, event);
  if (run.startedAt !== null) return refuse(run, event);
  const { launcher, process, realCwd = null } = event;
  const known = { launcher, process, realCwd, startedAt: now };
  return change(run, run.state === "starting" ? { ...known, state: "running" } : known);
}

function launchFailed(run: Run, event: RunEvent & { type: "launch_failed" }, now: number): Transition {
  if (run.state === "starting")
    return end(run, "failed", now, "launch_failed", `Failed to start: ${event.reason}`);
  if (run.state === "stopping" && run.startedAt === null)
    return end(run, stoppedState(run), now, null, run.reason);
  return refuse(run, event);
}

function stopRequested(run: Run, event: RunEvent & { type: "stop_requested" }, now: number): Transition {
  const asked = { stopRequestedAt: run.stopRequestedAt ?? now, graceMs: event.graceMs };
  switch (run.state) {
    case "queued":
      return end({ ...run, ...asked }, "stopped", now, event.cause, event.reason);
    case "starting":
    case "running":
      return change(run, {
        ...asked,
        state: "stopping",
        cause: run.cause ?? event.cause,
        reason: event.reason,
      });
    case "stopping":
      // A second request may only shorten the wait; whose wish the end was stays with the first.
      if (event.graceMs >= (run.graceMs ?? Number.POSITIVE_INFINITY)) return refuse(run, event);
      return change(run, { graceMs: event.graceMs });
    default:
      return refuse(run, event);
  }
}

function exited(run: Run, event: ExitedEvent): Transition {
  if (run.state === "queued") return refuse(run, event);
  const ended = { ...run, exitCode: event.exit.code, signal: event.exit.signal };
  const unasked = judgeEnd(event);
  if (run.state !== "stopping")
    return end(ended, unasked.state, event.endedAt, unasked.cause, unasked.reason);
  // Asked to end, and it had already ended by itself, or its kind proves the work was done: then that is the truth.
  const provenDone = event.exit.code === 0 && event.outcome === "finished";
  if (provenDone || event.beforeSignal)
    return end({ ...ended, cause: null }, unasked.state, event.endedAt, unasked.cause, unasked.reason);
  return end(ended, stoppedState(run), event.endedAt, null, run.reason);
}

/** Any other signal or code is the program's own answer, whatever happened to a child of it. */
function judgeEnd({ exit, outcome, outcomeReason, outOfMemory, leftBehind }: ExitedEvent): UnaskedOutcome {
  if (outOfMemory === undefined || exit.signal !== "SIGKILL") {
    const judged = judgeExit(exit, outcome, outcomeReason);
    return { ...judged, reason: withLeftBehind(judged.reason, leftBehind ?? []) };
  }
  return { state: "interrupted", cause: "out_of_memory", reason: outOfMemory };
}

function treeGone(run: Run, now: number): Transition {
  return end(run, stoppedState(run), now, null, run.reason);
}

function lost(run: Run, event: RunEvent & { type: "lost" }, now: number): Transition {
  return end(run, "interrupted", event.endedAt ?? now, event.cause, event.reason);
}

/** Which final state a run reaches that was ended on purpose: the first cause decides. */
function stoppedState(run: Run): FinalState {
  switch (run.cause) {
    case "start_timeout":
    case "silence":
    case "max_duration":
      return "timed_out";
    case "shutdown":
      return "interrupted";
    default:
      return "stopped";
  }
}

/** Unwanted ends: what becomes of the work is still to be decided. */
const LEAVES_WORK: readonly FinalState[] = ["interrupted", "failed", "timed_out"];

function end(
  run: Run,
  state: FinalState,
  endedAt: number,
  cause: Run["cause"],
  reason: string | null,
): Transition {
  // A clock that was set back must not make a run end before it began.
  const notBefore = Math.max(endedAt, run.startedAt ?? run.queuedAt);
  const unsettled = LEAVES_WORK.includes(state);
  // What a run that did its work wrote about errors on the way is not what it ended of.
  const silent = state === "completed" ? { lastWords: null, fingerprint: null } : {};
  const ended = { state, endedAt: notBefore, cause: run.cause ?? cause, reason, unsettled };
  return change(run, { ...ended, waitingFor: null, ...silent });
}

function change(run: Run, changes: Partial<Run>): Transition {
  return { ok: true, run: { ...run, ...changes, version: run.version + 1 } };
}

function refuse(run: Run, event: RunEvent): Transition {
  return { ok: false, reason: `A ${run.state} run does not take "${event.type}".` };
}
