import type { Capacity } from "@/lib/domain/queue";
import type { Reads } from "./statements";

/**
 * Every limit that is set, with the runs it counts: those past the queue, whatever they are doing. Each run's settings are read
 * once, however many limits there are.
 */
export function listCapacities(db: Reads): Capacity[] {
  const rows = db.all<{ name: string; maxRuns: number | bigint; active: number | bigint }>`
    WITH "counted" AS (
      SELECT 'worker' AS "name", count(*) AS "active" FROM "Run" WHERE "state" IN ('starting', 'running', 'stopping')
      UNION ALL
      SELECT 'tag:' || tag.value, count(DISTINCT "Run"."id") FROM "Run", json_each("Run"."spec", '$.tags') AS tag
        WHERE json_valid("Run"."spec") AND "Run"."state" IN ('starting', 'running', 'stopping') GROUP BY 1)
    SELECT "ConcurrencyLimit"."name", "maxRuns", coalesce("counted"."active", 0) AS "active"
    FROM "ConcurrencyLimit" LEFT JOIN "counted" ON "counted"."name" = "ConcurrencyLimit"."name"
    ORDER BY "ConcurrencyLimit"."name" = 'worker' DESC, "ConcurrencyLimit"."name"`;
  return rows.map((row) => ({
    name: row.name,
    maxRuns: Number(row.maxRuns),
    active: Number(row.active),
  }));
}
