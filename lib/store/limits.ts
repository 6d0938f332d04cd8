import type { Capacity } from "@/lib/domain/queue";
import type { Transaction } from "./transaction";

/** Every limit that is set, with the runs it counts: those past the queue, whatever they are doing. */
export async function listCapacities(db: Pick<Transaction, "$queryRaw">): Promise<Capacity[]> {
  const rows = await db.$queryRaw<{ name: string; maxRuns: number | bigint; active: number | bigint }[]>`
    SELECT "name", "maxRuns", CASE "name"
      WHEN 'worker' THEN (SELECT count(*) FROM "Run" WHERE "state" IN ('starting', 'running', 'stopping'))
      ELSE (SELECT count(*) FROM "Run" WHERE "state" IN ('starting', 'running', 'stopping') AND EXISTS
        (SELECT 1 FROM json_each("Run"."spec", '$.tags') AS tag WHERE 'tag:' || tag.value = "ConcurrencyLimit"."name"))
      END AS "active"
    FROM "ConcurrencyLimit" ORDER BY "name" = 'worker' DESC, "name"`;
  return rows.map((row) => ({
    name: row.name,
    maxRuns: Number(row.maxRuns),
    active: Number(row.active),
  }));
}
