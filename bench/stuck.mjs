import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { figure, median, percentile } from "./rig/figures.mjs";
import { createJob, ended, start, stopAll } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";

export const title = "Seeing what is stuck beside a long history";

const DAY_MS = 86_400_000;

/**
 * The same dashboard twice: with what is stuck alone, then with a history of finished runs beside it. The history is the baseline
 * turned around: it should cost nothing.
 * @param {import("../scripts/bench.mjs").Bench} bench
 */
export async function measure({ root, quick }) {
  const stuck = quick ? 20 : 200;
  const history = quick ? 20_000 : 1_000_000;
  const looks = quick ? 50 : 300;
  let server = await startServer(root);
  const { dataDir } = server;
  await createJob(server, "history", ["true"]);
  await ended(server, await start(server, "history"));
  for (let index = 0; index < stuck; index += 1)
    await createJob(server, `stuck-${index}`, ["true"], { tags: ["stuck"] });
  await server.stop();
  insertUnsettled(dataDir, stuck);
  server = await startServer(root, { dataDir });
  await keepRunning(server, stuck);
  const without = await lookedAt(server, looks);
  await server.stop();
  insertHistory(dataDir, history);
  server = await startServer(root, { dataDir });
  const beside = await lookedAt(server, looks);
  await stopAll(server);
  const ms = "ms";
  const many = history.toLocaleString("en");
  return Object.keys(PATHS).flatMap((name) => {
    const times = beside[name] ?? [];
    const baseline = without[name] ?? [];
    return [
      figure(
        `${name}, ${stuck} unsettled, ${stuck} active, ${many} finished`,
        ms,
        median(times),
        median(baseline),
      ),
      figure("– p99", ms, percentile(times, 99), percentile(baseline, 99)),
    ];
  });
}

/**
 * So many runs that live, beside jobs whose runs are over.
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} count
 */
async function keepRunning(server, count) {
  for (let index = 0; index < count; index += 1) {
    await createJob(server, `live-${index}`, ["sleep", "3600"]);
    await start(server, `live-${index}`);
  }
  await until(
    "all of them run",
    async () => {
      const { items } = await server.api.read("/api/v1/runs?state=running&limit=200");
      return items.length >= count ? true : null;
    },
    500,
  );
}

/** @type {Readonly<Record<string, string>>} */
const PATHS = {
  "/api/v1/stuck": "/api/v1/stuck",
  "/api/v1/stuck?limit=200": "/api/v1/stuck?limit=200",
  "/api/v1/stuck?job=": "/api/v1/stuck?job=stuck-1",
  "/api/v1/jobs/:job/precheck": "/api/v1/jobs/stuck-1/precheck",
};

/**
 * @param {import("./rig/server.mjs").BenchServer} server
 * @param {number} looks
 * @returns {Promise<Record<string, number[]>>} milliseconds of each look
 */
async function lookedAt({ api }, looks) {
  /** @type {Record<string, number[]>} */
  const times = {};
  for (const [name, path] of Object.entries(PATHS)) {
    for (let warm = 0; warm < 10; warm += 1) await api.get(path);
    const taken = [];
    for (let look = 0; look < looks; look += 1) {
      const began = performance.now();
      const { status } = await api.get(path);
      taken.push(performance.now() - began);
      if (status !== 200) throw new Error(`${path} answered ${status}.`);
    }
    times[name] = taken;
  }
  return times;
}

/**
 * Interrupted runs two days old, half of them with a checkpoint to go on from.
 * @param {string} dataDir
 * @param {number} count
 */
function insertUnsettled(dataDir, count) {
  const folder = newFolder();
  for (let index = 0; index < count; index += 2)
    writeFileSync(join(folder, `${index}.json`), JSON.stringify({ page: index }));
  const began = Date.now() - 2 * DAY_MS;
  copyRuns(dataDir, count, {
    id: "'run_1' || printf('%019d', n.i)",
    lineageId: "'run_1' || printf('%019d', n.i)",
    jobId: "'stuck-' || n.i",
    state: "'interrupted'",
    cause: "'killed_outside'",
    unsettled: "1",
    verdict: "CASE n.i % 2 WHEN 0 THEN 'resumable' ELSE 'dead' END",
    startedAt: String(began),
    queuedAt: String(began),
    spec: `json_set(r."spec", '$.checkpoint', '${folder}/' || n.i || '.json')`,
  });
  withDatabase(dataDir, (database) =>
    database.exec(
      `UPDATE "Job" SET "newestRunId" = 'run_1' || printf('%019d', substr("id", 7)) WHERE "id" LIKE 'stuck-%'`,
    ),
  );
}

/**
 * @param {string} dataDir
 * @param {number} count
 */
function insertHistory(dataDir, count) {
  const id = "'run_0' || printf('%019d', n.i)";
  // Half of them are of a job that is looked at, so that a look that goes by the job would show.
  copyRuns(dataDir, count, {
    id,
    lineageId: id,
    jobId: "CASE n.i % 2 WHEN 0 THEN 'history' ELSE 'stuck-1' END",
  });
}

/**
 * Copies of the one run there is, with some columns changed.
 * @param {string} dataDir
 * @param {number} count
 * @param {Readonly<Record<string, string>>} said SQL by column; `n.i` counts from 0
 */
function copyRuns(dataDir, count, said) {
  withDatabase(dataDir, (database) => {
    const columns = /** @type {string[]} */ (
      database.prepare(`SELECT name FROM pragma_table_info('Run')`).pluck().all()
    );
    const names = columns.map((name) => `"${name}"`).join(", ");
    const values = columns.map((name) => said[name] ?? `r."${name}"`).join(", ");
    database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
      INSERT INTO "Run" (${names}) SELECT ${values} FROM n,
        (SELECT * FROM "Run" WHERE "jobId" = 'history' AND "state" = 'completed' LIMIT 1) AS r`);
  });
}

/**
 * @param {string} dataDir
 * @param {(database: Database.Database) => unknown} work
 */
function withDatabase(dataDir, work) {
  const database = new Database(join(dataDir, "unstuck.db"));
  try {
    database.pragma("synchronous = OFF");
    work(database);
  } finally {
    database.close();
  }
}
