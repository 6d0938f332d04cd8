import type { RunId } from "@/lib/domain/ids";
import { appendEvent } from "./run-events";
import type { Transaction } from "./transaction";

/** So many rows of refusals a run has at most; what comes beyond is counted in them. */
export const MOST_REFUSALS = 50;

type Refusal = { readonly event: string; readonly reason: string };
type Row = { readonly id: number | bigint; readonly data: string };

/**
 * Notes that an event was refused. The same again, as by a cron line that stops an ended run every minute, adds no row: the row
 * there is says how often, and when last. So does the most alike one when there are many.
 */
export async function appendRefusal(
  tx: Transaction,
  runId: RunId,
  refusal: Refusal,
  now: number,
): Promise<void> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "id", "data" FROM "RunEvent" WHERE "runId" = ${runId} AND "type" = 'refused'
    ORDER BY "id" DESC LIMIT ${MOST_REFUSALS}`;
  const row = await counting(tx, runId, rows, refusal);
  if (row === undefined) return appendEvent(tx, runId, { type: "refused", data: refusal }, now);
  const { times = 1, ...before } = JSON.parse(row.data) as Refusal & { readonly times?: number };
  const data = { ...before, times: times + 1, lastAt: new Date(now).toISOString() };
  await tx.runEvent.update({ where: { id: Number(row.id) }, data: { data: JSON.stringify(data) } });
}

/** The row that this refusal is counted in; undefined: it gets one of its own. */
async function counting(
  tx: Transaction,
  runId: RunId,
  rows: readonly Row[],
  refusal: Refusal,
): Promise<Row | undefined> {
  const isSame = ({ data }: Row) => {
    const { event, reason } = JSON.parse(data) as Refusal;
    return event === refusal.event && reason === refusal.reason;
  };
  const same = rows.find(isSame);
  if (rows.length >= MOST_REFUSALS) return same ?? rows[0];
  if (same === undefined) return undefined;
  // Only in a row: after anything else has happened it is news, and readers of the history go by the order.
  const newest = await tx.runEvent.findFirst({
    where: { runId },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  return newest?.id === Number(same.id) ? same : undefined;
}
