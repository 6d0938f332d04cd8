import { wallClock } from "./clock";
import type { WorkerId } from "./domain/ids";
import { fencesOf } from "./store/lock-list";
import { closeStop, listStops, noteSignalled } from "./store/outside-stops";
import { listStartable } from "./store/queue";
import { applyOwnEvent, claimRun, noteEvent, stopPage } from "./store/run-changes";
import { findRun, listUnfinishedStates, saveLifeSigns, saveLogDropped } from "./store/runs";
import { signalsSent } from "./store/signals-sent";
import type { Store } from "./store/transaction";
import { saveUsage, saveUsageTotals, thinUsage } from "./store/usage";
import { noteWaiting } from "./store/waiting";
import type { RunRecords } from "./supervisor/ports";

/** What the supervisor of one worker asks of the database, answered by the store. */
export function recordsIn(database: Store, worker: WorkerId): RunRecords {
  const store = database.as({ urgency: "run" });
  const later = database.as({ urgency: "housekeeping" });
  return {
    listUnfinishedStates: () => listUnfinishedStates(store, worker),
    listStartable: () => listStartable(store, worker, wallClock()),
    find: (id) => findRun(store, id),
    claim: (id, event) => claimRun(store, id, event, wallClock()),
    apply: (id, event, signs) => applyOwnEvent(store, worker, id, event, wallClock(), signs),
    stopPage: (after, limit, ask) => stopPage(store, { workerId: worker, after, limit }, ask, wallClock()),
    fences: (id) => fencesOf(store, id),
    signalsSent: (id) => signalsSent(store, id),
    listStops: () => listStops(store, worker),
    noteSignalled: (id, members) => noteSignalled(store, id, members),
    closeStop: (stop, outcome, why) => closeStop(store, stop, outcome, why, wallClock()),
    note: (id, type, data) => noteEvent(store, id, { type, data }, wallClock()),
    noteWaiting: (id, waitingFor) => noteWaiting(store, id, waitingFor, wallClock()),
    saveLogDropped: (id, bytes) => saveLogDropped(later, id, bytes),
    saveLifeSigns: (signs) => saveLifeSigns(later, signs),
    saveUsage: (samples) => saveUsage(later, samples),
    saveUsageTotals: (id, totals) => saveUsageTotals(store, id, totals),
    thinUsage: () => thinUsage(later),
  };
}
