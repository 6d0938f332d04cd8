import type { RunId } from "@/lib/domain/ids";
import { SIGNAL_EVENTS, type SignalsSent, signalsSentIn } from "@/lib/domain/signals-sent";
import { anyOf } from "./sql";
import type { Store } from "./transaction";

/** A sequence has a few steps; a script that starts one program after the other while it is stopped may bring some more. */
const MOST_EVENTS = 1_000;

/** Which signals a run's history tells of. */
export async function signalsSent(store: Store, runId: RunId): Promise<SignalsSent> {
  const rows = store.look.all<{ type: string; data: string }>`
    SELECT "type", "data" FROM "RunEvent"
    WHERE "runId" = ${runId} AND "type" IN ${anyOf([...SIGNAL_EVENTS])} ORDER BY "id" LIMIT ${MOST_EVENTS}`;
  return signalsSentIn(rows.map(({ type, data }) => ({ type, data: JSON.parse(data) })));
}
