import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunId } from "@/lib/domain/ids";
import type { Run as RunRow } from "./generated/client";
import { anyOf, type Sql, sql } from "./sql";
import type { Reads } from "./statements";

/** A row has some fifty columns, and all are made in the same turn: 200 of them take longer than others should wait. */
const ROWS_AT_ONCE = 40;

/** The rows of these runs, in their order, of those that are still there and as `where` says; others get their turn in between. */
export async function runRows(db: Reads, ids: readonly RunId[], where: Sql = sql`TRUE`): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
    if (from > 0) await nextTurn();
    const some = ids.slice(from, from + ROWS_AT_ONCE);
    // By what else is asked for there may be a hundred thousand of them.
    const found = db.all<RunRow>`
      SELECT * FROM "Run" INDEXED BY "sqlite_autoindex_Run_1" WHERE "id" IN ${anyOf(some)} AND ${where}`;
    const byId = new Map(found.map((row) => [row.id, row]));
    rows.push(...some.flatMap((id) => byId.get(id) ?? []));
  }
  return rows;
}
