import type { RunId } from "@/lib/domain/ids";
import type { RunEventEntry, StoredRunEvent } from "@/lib/domain/ports/runs";
import type { RunEvent as RunEventRow } from "./generated/client";
import { anyOf } from "./sql";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

export function appendEvent(db: Statements, runId: RunId, entry: RunEventEntry, now: number): void {
  db.insert("RunEvent", { runId, at: new Date(now), type: entry.type, data: JSON.stringify(entry.data) });
}

/** Oldest first. */
export async function listEvents(
  store: Store,
  runId: RunId,
  page: { after: number; limit: number },
): Promise<StoredRunEvent[]> {
  const rows = store.look.all<RunEventRow>`
    SELECT * FROM "RunEvent" WHERE "runId" = ${runId} AND "id" > ${page.after} ORDER BY "id" LIMIT ${page.limit}`;
  return rows.map(toEvent);
}

/** The newest event of one of these types, null when there is none. */
export async function findEvent(
  store: Store,
  runId: RunId,
  types: readonly string[],
): Promise<StoredRunEvent | null> {
  const [row] = await store.read.$queryRaw<RunEventRow[]>`
    SELECT * FROM "RunEvent" WHERE "runId" = ${runId} AND "type" IN ${anyOf(types)} ORDER BY "id" DESC LIMIT 1`;
  return row === undefined ? null : toEvent(row);
}

function toEvent(row: RunEventRow): StoredRunEvent {
  return { id: Number(row.id), at: row.at.getTime(), type: row.type, data: JSON.parse(row.data) };
}
