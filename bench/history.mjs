import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { figure, percentile } from "./rig/figures.mjs";
import { createJob, ended, start } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";

export const title = "How long one call holds up the event loop beside a long history";

/** Every call, and what makes it look at many rows: nothing it asks for is there, or all of it is. */
const CALLS = [
  ["GET", "/api/v1/runs?limit=200"],
  ["GET", "/api/v1/runs?q=nothing-has-this"],
  ["GET", "/api/v1/runs?q=job-0500"],
  ["GET", "/api/v1/runs?state=stopped"],
  ["GET", "/api/v1/runs?state=completed,failed,stopped,timed_out,interrupted,cleaned&limit=10"],
  ["GET", "/api/v1/runs?job=history&state=stopped"],
  ["GET", "/api/v1/runs?until=2001-01-01T00:00:00Z"],
  ["GET", "/api/v1/status"],
  ["GET", "/api/v1/stuck?limit=200"],
  ["GET", "/api/v1/stuck?tag=nothing-has-this"],
  ["GET", "/api/v1/cleanup/plans?limit=200"],
  ["GET", "/api/v1/jobs/history/cleanups"],
  ["GET", "/api/v1/locks"],
  ["POST", "/api/v1/cleanup/plans", { ageHours: 24, dryRun: true }],
  ["POST", "/api/v1/deletion/plans", { job: "history", olderThanHours: 87_600, dryRun: true }],
  ["DELETE", "/api/v1/jobs/half"],
];

/**
 * So many finished runs, one in a hundred of them unsettled, half of them of one job that is deleted at the end. The baseline of each is the server at rest.
 * @param {import("../scripts/bench.mjs").Bench} bench
 */
export async function measure({ root, quick }) {
  const runs = quick ? 20_000 : 1_000_000;
  const file = join(newFolder(), "loop-delay.json");
  const preload = ["--import", new URL("./rig/loop-delay.mjs", import.meta.url).href];
  const measured = {
    command: /** @type {[string, ...string[]]} */ ([process.execPath, ...preload, "scripts/start.mjs"]),
    env: { LOOP_DELAY_FILE: file },
  };
  let server = await startServer(root);
  const { dataDir } = server;
  await createJob(server, "history", ["true"]);
  await createJob(server, "half", ["true"]);
  await ended(server, await start(server, "history"));
  await server.stop();
  insertHistory(dataDir, runs);
  server = await startServer(root, { dataDir, ...measured });
  const figures = [];
  const rest = await longest(file, () => wait(2_000));
  for (const [method, path, body] of CALLS) {
    let took = 0;
    const held = await longest(file, async () => {
      const began = performance.now();
      const answer = await fetch(`${server.origin}${path}`, {
        method: /** @type {string} */ (method),
        headers: { "content-type": "application/json", origin: server.origin },
        body: body === undefined ? null : JSON.stringify(body),
      });
      await answer.arrayBuffer();
      if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}.`);
      took = performance.now() - began;
    });
    figures.push(
      figure(`${method} ${path}: longest hold`, "ms", held, rest),
      figure("– took in all", "ms", took),
    );
  }
  await server.stop();
  return figures;
}

/**
 * The longest time that the event loop was held up. Of three attempts the shortest: a machine that others use too holds it up by itself.
 * @param {string} file
 * @param {() => Promise<unknown>} work
 */
async function longest(file, work) {
  const held = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    rmSync(file, { force: true });
    await wait(1_000);
    try {
      await work();
    } catch (error) {
      // What was deleted by the first attempt is not there for the next.
      if (attempt === 0) throw error;
      break;
    }
    await wait(1_000);
    held.push(JSON.parse(readFileSync(file, "utf8")).max / 1e6);
  }
  return percentile(held, 1);
}

/**
 * @param {string} dataDir
 * @param {number} count
 */
function insertHistory(dataDir, count) {
  const database = new Database(join(dataDir, "unstuck.db"));
  try {
    database.pragma("synchronous = OFF");
    const columns = /** @type {string[]} */ (
      database.prepare(`SELECT name FROM pragma_table_info('Run')`).pluck().all()
    );
    const id = "'run_0' || printf('%019d', n.i)";
    /** @type {Readonly<Record<string, string>>} */
    const said = {
      id,
      lineageId: id,
      jobId: "CASE n.i % 2 WHEN 0 THEN 'half' ELSE 'history' END",
      state: "CASE WHEN n.i % 100 = 7 THEN 'interrupted' ELSE 'completed' END",
      unsettled: "n.i % 100 = 7",
      verdict: "CASE WHEN n.i % 100 = 7 THEN 'dead' END",
    };
    const names = columns.map((name) => `"${name}"`).join(", ");
    const values = columns.map((name) => said[name] ?? `r."${name}"`).join(", ");
    database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})
      INSERT INTO "Run" (${names}) SELECT ${values} FROM n, (SELECT * FROM "Run" WHERE "state" = 'completed' LIMIT 1) AS r;
      INSERT INTO "RunEvent" ("runId", "at", "type", "data")
        SELECT "id", "queuedAt", 'queued', '{}' FROM "Run" UNION ALL SELECT "id", "endedAt", 'exited', '{}' FROM "Run";
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 100)
      INSERT INTO "UsageSample" SELECT "id", "startedAt" + n.i * 60000, n.i, 1000000, 3 FROM "Run", n WHERE "id" LIKE '%00';
      UPDATE "Job" SET "newestRunId" = (SELECT max("id") FROM "Run" WHERE "jobId" = "Job"."id")`);
    database.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
