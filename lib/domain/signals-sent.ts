import type { ProcessIdentity } from "./run";
import type { SignalTarget } from "./signal-profile";

/** Whom one round of signals goes to; `others`: the processes that were not asked before. */
export type Asking = SignalTarget | "others";

/** How far the asking has come, in this dashboard or an earlier one: a later dashboard continues from here and asks no process twice. */
export type AskedSoFar = {
  /** Steps of the sequence that are done. */
  readonly steps: number;
  /** Everybody who was there has been asked. */
  readonly everybody: boolean;
  readonly processes: readonly ProcessIdentity[];
};

export const NOBODY_ASKED: AskedSoFar = { steps: 0, everybody: false, processes: [] };

/** One round, as it is written down before it is sent. */
export type AskedRound = {
  readonly signal: string;
  /** Not `to`: that is the state a run has come to, in every event that has it. */
  readonly asked: Asking;
  /** Which step of the sequence it was, counted from 0; null: none of them. */
  readonly step: number | null;
  readonly processes: readonly ProcessIdentity[];
};

export function afterRound(before: AskedSoFar, { asked, step, processes }: AskedRound): AskedSoFar {
  return {
    steps: Math.max(before.steps, step === null ? 0 : step + 1),
    everybody: before.everybody || asked === "others" || asked === "tree",
    processes: [...before.processes, ...processes],
  };
}

export function wasAsked({ processes }: AskedSoFar, process: ProcessIdentity): boolean {
  return isAmong(processes, process);
}

export function isAmong(
  processes: readonly ProcessIdentity[],
  { pid, startTicks }: ProcessIdentity,
): boolean {
  return processes.some((each) => each.pid === pid && each.startTicks === startTicks);
}

/** What the events of a run say of the signals it was sent. */
export type SignalsSent = AskedSoFar & {
  /** Its processes were asked to end, be it the program's tree or what the program left behind. */
  readonly asked: boolean;
  /** What came first. `leftovers`: its program had ended by itself before any signal, so no signal ended it. */
  readonly first: "program" | "leftovers" | null;
  /** Command lines of what its program had left when it ended by itself. */
  readonly leftBehind: readonly string[];
};

type Event = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

export const SIGNAL_EVENTS = ["signal_sent", "leftovers", "leftover_signal_sent"] as const;

/**
 * @param events of `SIGNAL_EVENTS`, oldest first. Whatever comes after `leftovers` went to what the program had left behind: that is written
 * when it has ended by itself, before any signal. Earlier versions called the kill that followed `signal_sent` too, and asked all processes at the same time.
 */
export function signalsSentIn(events: readonly Event[]): SignalsSent {
  const signals = events.filter(({ type }) => type !== "leftovers");
  const reached = events.filter((event) => !reachedNobody(event));
  const first = reached[0]?.type ?? null;
  return {
    ...signals.reduce((sofar, { data }) => afterRound(sofar, roundOf(data)), NOBODY_ASKED),
    leftBehind: leftBehindIn(events),
    asked: reached.some(({ type }) => type !== "leftovers"),
    first: first === null ? null : first === "signal_sent" ? "program" : "leftovers",
  };
}

/** All it was for belong to another user, so it cannot be why anything ended. */
function reachedNobody({ data: { pids, notPermitted } }: Event): boolean {
  return Array.isArray(notPermitted) && Array.isArray(pids) && pids.length === 0;
}

function leftBehindIn(events: readonly Event[]): readonly string[] {
  const told = events.map(({ data }) => data.commands).find(Array.isArray);
  return told?.map(String) ?? [];
}

function roundOf(data: Event["data"]): AskedRound {
  const { signal, asked, step, processes } = data as Partial<AskedRound>;
  const known = Array.isArray(processes) ? processes : [];
  if (asked === undefined) return { signal: String(signal), asked: "tree", step: 0, processes: known };
  return { signal: String(signal), asked, step: step ?? null, processes: known };
}
