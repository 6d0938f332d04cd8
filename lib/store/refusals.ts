import type { RunId } from "@/lib/domain/ids";
import { appendEvent } from "./run-events";
import type { Reads, Statements } from "./statements";

/** So many rows of refusals a run has at most; what comes beyond is counted in them. */
export const MOST_REFUSALS = 50;

type Refusal = { readonly event: string; readonly reason: string };
type Row = { readonly id: number; readonly data: string };

/**
 * Notes that an event was refused. The same again, as by a cron line that stops an ended run every minute, adds no row: the row
 * there is says how often, and when last. So does the most alike one when there are many.
 */
export function appendRefusal(db: Statements, runId: RunId, refusal: Refusal, now: number): void {
  const rows = db.all<Row>`
    SELECT "id", "data" FROM "RunEvent" WHERE "runId" = ${runId} AND "type" = 'refused'
    ORDER BY "id" DESC LIMIT ${MOST_REFUSALS}`;
  const row = counting(db, runId, rows, refusal);
  if (row === undefined) {
    appendEvent(db, runId, { type: "refused", data: refusal }, now);
    return;
  }
  const { times = 1, ...before } = JSON.parse(row.data) as Refusal & { readonly times?: number };
  const data = { ...before, times: times + 1, lastAt: new Date(now).toISOString() };
  db.change`UPDATE "RunEvent" SET "data" = ${JSON.stringify(data)} WHERE "id" = ${row.id}`;
}

/** The row that this refusal is counted in; undefined: it gets one of its own. */
function counting(db: Reads, runId: RunId, rows: readonly Row[], refusal: Refusal): Row | undefined {
  const isSame = ({ data }: Row) => {
    const { event, reason } = JSON.parse(data) as Refusal;
    return event === refusal.event && reason === refusal.reason;
  };
  const same = rows.find(isSame);
  if (rows.length >= MOST_REFUSALS) return same ?? rows[0];
  if (same === undefined) return undefined;
  // Only in a row: after anything else has happened it is news, and readers of the history go by the order.
  const newest = db.one<Row>`SELECT "id" FROM "RunEvent" WHERE "runId" = ${runId} ORDER BY "id" DESC LIMIT 1`;
  return newest?.id === same.id ? same : undefined;
}
