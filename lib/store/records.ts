import type { WorkerId } from "@/lib/domain/ids";
import type { RunRecords } from "@/lib/domain/ports/records";
import { bound, timed } from "./bound";
import { fencesOf } from "./lock-list";
import { closeStop, listStops, noteSignalled } from "./outside-stops";
import { listStartable } from "./queue";
import { applyOwnEvent, claimRun, noteEvent, stopPage } from "./run-changes";
import { findRun, listUnfinishedStates, saveLifeSigns, saveLogDropped } from "./runs";
import { signalsSent } from "./signals-sent";
import type { Store } from "./transaction";
import { saveUsage, saveUsageTotals, thinUsage } from "./usage";
import { noteWaiting } from "./waiting";

/** What the supervisor of one worker asks of the database. */
export function recordsOf(database: Store, worker: WorkerId, clock: () => number): RunRecords {
  const store = database.as({ urgency: "run" });
  const later = database.as({ urgency: "housekeeping" });
  return {
    ...bound(store, { find: findRun, fences: fencesOf, signalsSent, noteSignalled, saveUsageTotals }),
    ...timed(store, clock, { claim: claimRun, closeStop, noteWaiting }),
    ...bound(later, { saveLogDropped, saveLifeSigns, saveUsage, thinUsage }),
    note: (id, type, data) => noteEvent(store, id, { type, data }, clock()),
    listUnfinishedStates: () => listUnfinishedStates(store, worker),
    listStartable: () => listStartable(store, worker, clock()),
    listStops: () => listStops(store, worker),
    apply: (id, event, signs) => applyOwnEvent(store, worker, id, event, clock(), signs),
    stopPage: (after, limit, ask) => stopPage(store, { workerId: worker, after, limit }, ask, clock()),
  };
}
