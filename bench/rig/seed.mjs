import { join } from "node:path";
import Database from "better-sqlite3";

const DAY_MS = 86_400_000;
const THREE_YEARS_MS = 3 * 365 * DAY_MS;
/** What is kept of it, and for how long, is said in docs/deploy.md: older points and audit rows would only be dropped by the first check. */
const POINTS_KEPT_MS = 30 * DAY_MS;
const AUDIT_KEPT_MS = 390 * DAY_MS;
const RUNS_AT_ONCE = 20_000;

/** Runs and jobs of one installation; `points`: of each run that is recent enough to have any. */
/** @typedef {{ jobs: number, runs: number, points: number, alerts: number }} Size */

export const BIG_JOB = "job-00000";
/** The runs that wait for a decision, the same number however long the history. */
export const UNSETTLED = 300;
const OPEN_ALERTS = 20;
const BUSY_JOBS = 20;
/** One job in so many has a shared lock. */
export const LOCK_EVERY = 25;
const EVENTS = 9;
const FINGERPRINTS = 50;

/**
 * Fills the migrated database of a dashboard that is down, whose only job, `template`, has one run that completed: a history of three years
 * in all final states. A tenth of all runs is of `BIG_JOB`, a fifth of the next twenty jobs, and the rest is spread evenly. Nine events a run;
 * the runs of the last thirty days have points of what they used; the newest hundreds are unsettled.
 * @param {string} dataDir
 * @param {Size} size
 * @param {readonly string[]} argv what a start of one of its jobs would run
 * @param {number} now epoch milliseconds
 */
export function seed(dataDir, size, argv, now) {
  const database = new Database(join(dataDir, "unstuck.db"));
  database.function(
    "run_id",
    { deterministic: true },
    (at, number) => `run_${digits(at)}${digits(number * SPREAD)}`,
  );
  try {
    // Only the seeding: the server sets its own when it opens the file.
    for (const pragma of ["synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"])
      database.pragma(pragma);
    database.exec("BEGIN");
    insertJobs(database, size, argv, now);
    for (let from = 0; from < size.runs; from += RUNS_AT_ONCE)
      insertRuns(database, size, { from, to: Math.min(from + RUNS_AT_ONCE, size.runs) }, now);
    insertRest(database, size, now);
    database.exec("COMMIT");
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

/** Neighbours differ in most digits; of the numbers below a million no two become the same. */
const SPREAD = 1_000_000_007;

/** @param {number} number */
function digits(number) {
  return number.toString(36).padStart(10, "0");
}

/** @typedef {{ from: number, to: number }} Range */

/** @param {Range} range */
function numbers({ from, to }, name = "n") {
  return `${name}(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM ${name} WHERE i + 1 < ${to})`;
}

/** What the product would have named it: the time in ten digits, then ten more that tell runs of one moment apart. */
const runId = (/** @type {string} */ at, /** @type {string} */ number) => `run_id(${at}, ${number})`;
const jobId = (/** @type {string} */ number) => `'job-' || printf('%05d', ${number})`;

/**
 * @param {Size} size
 * @param {number} now
 */
function queuedAt({ runs }, now) {
  return `CAST(${now} - ${DAY_MS} - (${runs} - n.i) * ${THREE_YEARS_MS / runs} AS INTEGER)`;
}

/**
 * @param {Database.Database} database
 * @param {Size} size
 * @param {readonly string[]} argv
 * @param {number} now
 */
function insertJobs(database, { jobs }, argv, now) {
  copy(database, "Job", numbers({ from: 0, to: jobs }), {
    id: jobId("n.i"),
    argv: `'${JSON.stringify(argv)}'`,
    title: "'Shop ' || n.i || ', all prices'",
    tags: "json_array('team-' || (n.i % 12), CASE WHEN n.i % 3 = 0 THEN 'nightly' ELSE 'hourly' END)",
    locks: `CASE WHEN n.i % ${LOCK_EVERY} = 0 THEN json_array('shop-' || (n.i % 200)) ELSE '[]' END`,
    newestRunId: "NULL",
    createdAt: String(now - THREE_YEARS_MS),
    updatedAt: String(now - THREE_YEARS_MS),
  });
  database.exec(`
    INSERT INTO "Lock" ("name", "fence") SELECT 'job:' || "id", 7 FROM "Job" WHERE "id" LIKE 'job-%';
    INSERT OR IGNORE INTO "Lock" ("name", "fence") SELECT DISTINCT "locks" ->> 0, 3 FROM "Job" WHERE json_array_length("locks") > 0`);
}

/**
 * @param {Database.Database} database
 * @param {Size} size
 * @param {Range} range
 * @param {number} now
 */
function insertRuns(database, size, range, now) {
  const unsettled = `(n.i >= ${size.runs} - ${3 * UNSETTLED} AND n.i % 3 = 0)`;
  const at = queuedAt(size, now);
  const others = size.jobs - BUSY_JOBS - 1;
  const state = `CASE WHEN ${unsettled} THEN 'interrupted' ELSE CASE (n.i / 7 * 13 + n.i) % 20
    WHEN 0 THEN 'failed' WHEN 1 THEN 'failed' WHEN 2 THEN 'stopped' WHEN 3 THEN 'timed_out'
    WHEN 4 THEN CASE n.i % 3 WHEN 0 THEN 'interrupted' WHEN 1 THEN 'cleaned' ELSE 'completed' END ELSE 'completed' END END`;
  const failed = `${state} IN ('failed', 'timed_out')`;
  copy(database, "Run", numbers(range), {
    id: runId(at, "n.i"),
    lineageId: runId(at, "n.i"),
    jobId: jobId(`CASE WHEN n.i % 10 = 3 THEN 0 WHEN n.i % 5 = 1 THEN 1 + n.i / 5 % ${BUSY_JOBS}
      ELSE ${BUSY_JOBS + 1} + n.i * 7919 % ${others} END`),
    state,
    unsettled,
    verdict: `CASE WHEN ${unsettled} THEN 'dead' END`,
    verdictAt: `CASE WHEN ${unsettled} THEN ${now} END`,
    lastWords: `CASE WHEN ${failed} THEN 'ValueError: no price in https://shop.example/' || n.i END`,
    fingerprint: `CASE WHEN ${failed} THEN 'ValueError: no price in <url> ' || (n.i % ${FINGERPRINTS}) END`,
    queuedAt: at,
    claimedAt: at,
    startedAt: at,
    endedAt: `${at} + 60000`,
    lastLifeAt: at,
  });
  insertEvents(database, range, runId(at, "n.i"));
  const points = `${size.runs} - ${Math.floor((size.runs * POINTS_KEPT_MS) / THREE_YEARS_MS)}`;
  database.exec(`
    WITH RECURSIVE ${numbers(range)}, ${numbers({ from: 0, to: size.points }, "p")}
    INSERT INTO "UsageSample" ("runId", "at", "cpuMs", "memoryBytes", "processes")
      SELECT ${runId(at, "n.i")}, ${at} + p.i * 5000, p.i * 40, 60000000 + p.i * 1000, 3 FROM n, p WHERE n.i >= ${points}`);
  const audit = `${size.runs} - ${Math.floor((size.runs * AUDIT_KEPT_MS) / THREE_YEARS_MS)}`;
  database.exec(`
    WITH RECURSIVE ${numbers(range)}
    INSERT INTO "Audit" ("at", "actor", "action", "jobId", "runId", "details")
      SELECT r."queuedAt", 'operator', 'run.requested', r."jobId", r."id", '{}' FROM n CROSS JOIN "Run" AS r ON r."id" = ${runId(at, "n.i")}
      WHERE n.i >= ${audit}`);
}

/**
 * Those of the one real run, and in front of its end as many more as it takes.
 * @param {Database.Database} database
 * @param {Range} range
 * @param {string} id SQL for the id of run `n.i`
 */
function insertEvents(database, range, id) {
  const real = database
    .prepare(
      `SELECT "type", "data" FROM "RunEvent" WHERE "runId" = (SELECT "id" FROM "Run" WHERE "jobId" = 'template') ORDER BY "id"`,
    )
    .all();
  const waits = Array.from({ length: EVENTS - real.length }, () => ({
    type: "waiting",
    data: '{"for":"shop-0"}',
  }));
  const kinds = JSON.stringify([...real.slice(0, 1), ...waits, ...real.slice(1)]);
  database
    .prepare(
      `WITH RECURSIVE ${numbers(range)}
       INSERT INTO "RunEvent" ("runId", "at", "type", "data")
         SELECT r."id", r."queuedAt" + e.key * 1000, e.value ->> 'type', e.value ->> 'data'
         FROM n CROSS JOIN "Run" AS r ON r."id" = ${id} CROSS JOIN json_each(?) AS e`,
    )
    .run(kinds);
}

/**
 * @param {Database.Database} database
 * @param {Size} size
 * @param {number} now
 */
function insertRest(database, { alerts }, now) {
  database.exec(`
    UPDATE "Job" SET "newestRunId" = (SELECT max("id") FROM "Run" WHERE "jobId" = "Job"."id");
    WITH RECURSIVE ${numbers({ from: 0, to: alerts })}
    INSERT INTO "Alert" ("id", "at", "kind", "title", "detail", "data", "acknowledgedAt", "acknowledgedBy")
      SELECT 'alert_0' || printf('%019d', n.i), ${now} - (${alerts} - n.i) * 3600000, CASE n.i % 2 WHEN 0 THEN 'stuck' ELSE 'recovery' END,
        'Alert ' || n.i, 'Something happened.', json_object('counts', json('{}'), 'runs', json('[]'), 'job', ${jobId("n.i % 50")}),
        CASE WHEN n.i < ${alerts - OPEN_ALERTS} THEN ${now} END, CASE WHEN n.i < ${alerts - OPEN_ALERTS} THEN 'operator' END FROM n`);
}

/**
 * Copies of the template, with some columns changed.
 * @param {Database.Database} database
 * @param {"Job" | "Run"} table
 * @param {string} range
 * @param {Readonly<Record<string, string>>} said SQL by column
 */
function copy(database, table, range, said) {
  const columns = /** @type {string[]} */ (
    database.prepare(`SELECT name FROM pragma_table_info('${table}')`).pluck().all()
  );
  const names = columns.map((name) => `"${name}"`).join(", ");
  const values = columns.map((name) => said[name] ?? `t."${name}"`).join(", ");
  const template = table === "Job" ? `"id" = 'template'` : `"jobId" = 'template'`;
  database.exec(
    `WITH RECURSIVE ${range} INSERT INTO "${table}" (${names}) SELECT ${values} FROM n, (SELECT * FROM "${table}" WHERE ${template} LIMIT 1) AS t`,
  );
}
