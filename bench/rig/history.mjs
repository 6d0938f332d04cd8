import { join } from "node:path";
import Database from "better-sqlite3";

const THREE_YEARS_MS = 3 * 365 * 86_400_000;

/**
 * Fills the database of a dashboard that is down: so many finished runs beside the one that is there, queued one after the other over
 * three years, half of them of the job `half`. One in a hundred is unsettled; one in a hundred has a series of what it used; one in twenty was cleaned by
 * the start of the next, with a plan of its own; each has two events and an audit row.
 * @param {string} dataDir
 * @param {number} count
 * @param {number} now epoch milliseconds
 */
export function insertHistory(dataDir, count, now) {
  const database = new Database(join(dataDir, "unstuck.db"));
  try {
    database.pragma("synchronous = OFF");
    const columns = /** @type {string[]} */ (
      database.prepare(`SELECT name FROM pragma_table_info('Run')`).pluck().all()
    );
    const id = "'run_0' || printf('%019d', n.i)";
    const at = `${now} - (${count} - n.i) * ${Math.floor(THREE_YEARS_MS / count)}`;
    /** @type {Readonly<Record<string, string>>} */
    const said = {
      id,
      lineageId: id,
      jobId: "CASE n.i % 2 WHEN 0 THEN 'half' ELSE 'history' END",
      state: "CASE WHEN n.i % 100 = 7 THEN 'interrupted' ELSE 'completed' END",
      unsettled: "n.i % 100 = 7",
      verdict: "CASE WHEN n.i % 100 = 7 THEN 'dead' END",
      queuedAt: at,
      claimedAt: at,
      startedAt: at,
      endedAt: `${at} + 60000`,
      lastLifeAt: at,
    };
    const names = columns.map((name) => `"${name}"`).join(", ");
    const values = columns.map((name) => said[name] ?? `r."${name}"`).join(", ");
    const numbers = (/** @type {number} */ most) =>
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${most})`;
    database.exec(`
      ${numbers(count)}
      INSERT INTO "Run" (${names}) SELECT ${values} FROM n, (SELECT * FROM "Run" WHERE "state" = 'completed' LIMIT 1) AS r;
      INSERT INTO "RunEvent" ("runId", "at", "type", "data")
        SELECT "id", "queuedAt", 'queued', '{}' FROM "Run" UNION ALL SELECT "id", "endedAt", 'exited', '{}' FROM "Run";
      INSERT INTO "Audit" ("at", "actor", "action", "jobId", "runId", "details")
        SELECT "queuedAt", 'operator', 'run.requested', "jobId", "id", '{}' FROM "Run" ORDER BY "id";
      ${numbers(100)}
      INSERT INTO "UsageSample" SELECT "id", "startedAt" + n.i * 600, n.i, 1000000, 3 FROM "Run", n WHERE "id" LIKE '%00';
      INSERT INTO "Plan" ("id", "kind", "state", "trigger", "actor", "filter", "createdAt", "appliedAt", "finishedAt")
        SELECT replace("id", 'run_', 'plan_'), 'cleanup', 'applied', 'start', 'operator',
          '{"jobs":[],"tags":[],"runs":[],"states":[],"appliedBy":null}', "queuedAt", "queuedAt", "queuedAt" FROM "Run" WHERE substr("id", -2) IN ('10', '31', '52', '73', '94');
      INSERT INTO "PlanItem" ("planId", "runId", "jobId", "action", "why", "runState", "runVersion", "evidence", "ageMs", "result", "at")
        SELECT replace("id", 'run_', 'plan_'), "id", "jobId", 'clean', 'dead', "state", 3, '[]', 1000, 'done', "endedAt" FROM "Run"
        WHERE substr("id", -2) IN ('10', '31', '52', '73', '94');
      UPDATE "Job" SET "newestRunId" = (SELECT max("id") FROM "Run" WHERE "jobId" = "Job"."id")`);
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
