import type { RunId } from "@/lib/domain/ids";
import type { RunRecords } from "@/lib/domain/ports/records";
import { isActive, type Run } from "@/lib/domain/run";
import { SIGNAL_EVENTS, signalsSentIn } from "@/lib/domain/signals-sent";
import { type RunEvent, transition } from "@/lib/domain/transition";
import { T0 } from "./factories";

export type Noted = {
  readonly runId: RunId;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The supervisor's records in memory: runs that change by the domain's own rules, and what was noted. */
export function someRecords(...runs: Run[]) {
  const rows = new Map<RunId, Run>(runs.map((run) => [run.id, run]));
  const noted: Noted[] = [];
  const active = () => [...rows.values()].filter(({ state }) => isActive(state));

  function apply(runId: RunId, event: RunEvent) {
    const before = rows.get(runId) ?? null;
    if (before === null) return { ok: false as const, reason: `There is no run ${runId}.`, before };
    const change = transition(before, event, T0 + 1_000_000);
    if (change.ok) rows.set(runId, change.run);
    return { ...change, before };
  }

  const records: RunRecords = {
    listUnfinishedStates: async () => active(),
    listStartable: async () => active().filter(({ state }) => state === "queued"),
    find: async (id) => rows.get(id) ?? null,
    claim: async (id, event) => apply(id, event),
    apply: async (id, event) => apply(id, event),
    fences: async () => [],
    stopPage: async () => [],
    signalsSent: async (id) => {
      const types: readonly string[] = SIGNAL_EVENTS;
      return signalsSentIn(noted.filter(({ runId, type }) => runId === id && types.includes(type)));
    },
    listStops: async () => [],
    noteSignalled: async () => {},
    closeStop: async () => {},
    note: async (runId, type, data) => void noted.push({ runId, type, data }),
    noteWaiting: async () => {},
    saveLogDropped: async () => {},
    saveLifeSigns: async () => {},
    saveUsage: async () => {},
    saveUsageTotals: async () => {},
    thinUsage: async () => {},
  };
  return { records, rows, noted };
}
