import type { RunId } from "@/lib/domain/ids";
import { appendEvent } from "./run-events";
import type { Store } from "./transaction";

/** Says what a queued run waits for; one that has left the queue meanwhile stays as it is. */
export function noteWaiting(store: Store, runId: RunId, waitingFor: string, now: number): Promise<void> {
  return store.write(async (tx) => {
    const { count } = await tx.run.updateMany({
      where: { id: runId, state: "queued" },
      data: { waitingFor },
    });
    if (count === 1) await appendEvent(tx, runId, { type: "waiting", data: { for: waitingFor } }, now);
  });
}
