import type { RunId } from "@/lib/domain/ids";
import { anyOf } from "./sql";
import type { Store } from "./transaction";

const TO_LEFTOVERS = ["leftovers", "leftover_signal_sent"];

/**
 * Which signals a run's history tells of. Whatever comes after `leftovers` went to what its program had left behind: that is written
 * when the program has ended by itself, before any signal. Earlier versions called the kill that followed `signal_sent` too.
 */
export async function signalsSent(
  store: Store,
  runId: RunId,
): Promise<{ asked: boolean; first: "program" | "leftovers" | null }> {
  const find = async (types: readonly string[]) => {
    const rows = await store.read.$queryRaw<{ type: string }[]>`
      SELECT "type" FROM "RunEvent" WHERE "runId" = ${runId} AND "type" IN ${anyOf(types)} ORDER BY "id" LIMIT 1`;
    return rows[0] ?? null;
  };
  const first = await find(["signal_sent", ...TO_LEFTOVERS]);
  if (first === null) return { asked: false, first: null };
  if (first.type === "signal_sent") return { asked: true, first: "program" };
  const signal = await find(["signal_sent", "leftover_signal_sent"]);
  return { asked: signal !== null, first: "leftovers" };
}
