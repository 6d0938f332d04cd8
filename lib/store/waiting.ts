import type { RunId } from "@/lib/domain/ids";
import { appendEvent } from "./run-events";
import type { Store } from "./transaction";

/** Says what a queued run waits for; one that has left the queue meanwhile stays as it is. */
export function noteWaiting(store: Store, runId: RunId, waitingFor: string, now: number): Promise<void> {
  return store.change((db) => {
    if (db.update("Run", { id: runId, state: "queued" }, { waitingFor }) === 1)
      appendEvent(db, runId, { type: "waiting", data: { for: waitingFor } }, now);
  });
}
