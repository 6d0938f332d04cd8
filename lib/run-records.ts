import { wallClock } from "./clock";
import { fencesOf } from "./store/lock-list";
import { listStartable } from "./store/queue";
import { applyEvent, claimRun, noteEvent, stopPage } from "./store/run-changes";
import { findEvent } from "./store/run-events";
import { findRun, listUnfinished, listUnfinishedStates, saveLifeSigns, saveLogDropped } from "./store/runs";
import type { Store } from "./store/transaction";
import { saveUsage, saveUsageTotals, thinUsage } from "./store/usage";
import { noteWaiting } from "./store/waiting";
import type { RunRecords } from "./supervisor/ports";

/** What the supervisor asks of the database, answered by the store. */
export function recordsIn(store: Store): RunRecords {
  return {
    listUnfinished: () => listUnfinished(store),
    listUnfinishedStates: () => listUnfinishedStates(store),
    listStartable: () => listStartable(store, wallClock()),
    find: (id) => findRun(store, id),
    claim: (id, event) => claimRun(store, id, event, wallClock()),
    apply: (id, event, signs) => applyEvent(store, id, event, wallClock(), undefined, signs),
    stopPage: (after, limit, ask) => stopPage(store, { after, limit }, ask, wallClock()),
    fences: (id) => fencesOf(store, id),
    wasSignalled: async (id) => (await findEvent(store, id, ["signal_sent"])) !== null,
    note: (id, type, data) => noteEvent(store, id, { type, data }, wallClock()),
    noteWaiting: (id, waitingFor) => noteWaiting(store, id, waitingFor, wallClock()),
    saveLogDropped: (id, bytes) => saveLogDropped(store, id, bytes),
    saveLifeSigns: (signs) => saveLifeSigns(store, signs),
    saveUsage: (samples) => saveUsage(store, samples),
    saveUsageTotals: (id, totals) => saveUsageTotals(store, id, totals),
    thinUsage: () => thinUsage(store),
  };
}
