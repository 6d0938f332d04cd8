import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { figure } from "./rig/figures.mjs";
import { insertHistory } from "./rig/history.mjs";
import { createJob, ended, start } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";

export const title = "How long one call holds up the event loop beside a long history";

/** Every call, and what makes it look at many rows: nothing it asks for is there, or all of it is. */
const CALLS = [
  ["GET", "/api/v1/runs?limit=200"],
  ["GET", "/api/v1/runs?q=nothing-has-this"],
  ["GET", "/api/v1/runs?q=history"],
  ["GET", "/api/v1/runs?state=stopped"],
  ["GET", "/api/v1/runs?state=completed,failed,stopped,timed_out,interrupted,cleaned&limit=10"],
  ["GET", "/api/v1/runs?job=history&state=stopped"],
  ["GET", "/api/v1/runs?until=2001-01-01T00:00:00Z"],
  ["GET", "/api/v1/status"],
  ["GET", "/api/v1/stuck?limit=200"],
  ["GET", "/api/v1/stuck?tag=nothing-has-this"],
  ["GET", "/api/v1/stuck?olderThanHours=80000"],
  ["GET", "/api/v1/cleanup/plans?limit=200"],
  ["GET", "/api/v1/cleanup/plans?job=other"],
  ["GET", "/api/v1/cleanup/plans?run=run_00000000000000000001"],
  ["GET", "/api/v1/jobs/history"],
  ["GET", "/api/v1/jobs/history/cleanups"],
  ["GET", "/api/v1/jobs/history/precheck"],
  ["GET", "/api/v1/locks"],
  ["GET", "/api/v1/doctor"],
  ["GET", "/"],
  ["GET", "/runs"],
  ["GET", "/stuck"],
  ["GET", "/jobs/history"],
  ["GET", "/cleanups"],
  ["POST", "/api/v1/cleanup/plans", { ageHours: 24, dryRun: true }],
  ["POST", "/api/v1/cleanup/plans", { ageHours: 24 }],
  ["POST", "/api/v1/deletion/plans", { job: "history", olderThanHours: 24, dryRun: true }],
  ["POST", "/api/v1/deletion/plans", { job: "history", olderThanHours: 87_600, dryRun: true }],
  ["DELETE", "/api/v1/jobs/half"],
];

/** Loaded into the server by `node --import`. */
const LOOP_DELAY = new URL("./rig/loop-delay.mjs", import.meta.url);
const SOON = new URL("./rig/soon.mjs", import.meta.url);

const ATTEMPTS = 3;
const IN_ALL = "in all";

/**
 * So many finished runs, one in a hundred of them unsettled, half of them of one job that is deleted at the end. First what the process does by
 * itself: the periodic check of what is stuck, and dropping what is old. The baseline of each figure is the server at rest.
 * @param {import("../scripts/bench.mjs").Bench} bench
 */
export async function measure({ root, quick }) {
  const runs = quick ? 20_000 : 1_000_000;
  const file = join(newFolder(), "loop-delay.json");
  let server = await startServer(root);
  const { dataDir } = server;
  for (const job of ["history", "half", "other"]) await createJob(server, job, ["true"]);
  await ended(server, await start(server, "history"));
  await server.stop();
  insertHistory(dataDir, runs, Date.now());

  const measured = (/** @type {URL[]} */ ...more) => ({
    dataDir,
    command: /** @type {[string, ...string[]]} */ ([
      process.execPath,
      ...[LOOP_DELAY, ...more].flatMap(({ href }) => ["--import", href]),
      "scripts/start.mjs",
    ]),
  });
  const env = { LOOP_DELAY_FILE: file };
  server = await startServer(root, {
    ...measured(SOON),
    env: { ...env, UNSTUCK_STUCK_CHECK_HOURS: "0.005" },
  });
  const byItself = await held(file, () => seen(dataDir, ["stuck.checked", "retention.dropped"]));
  await server.stop();

  server = await startServer(root, { ...measured(), env });
  const rest = await held(file, () => wait(2_000));
  const figures = figuresOf("check of what is stuck and dropping what is old", byItself, rest);
  for (const [method, path, body] of CALLS) {
    const call = await shortest(file, method === "DELETE" ? 1 : ATTEMPTS, () =>
      ask(server.origin, `${method}`, `${path}`, body),
    );
    figures.push(
      ...figuresOf(`${method} ${path}${body === undefined ? "" : ` ${JSON.stringify(body)}`}`, call, rest),
    );
    if (process.env.BENCH_SAY) console.log(method, path, call);
    if (method === "DELETE") {
      const rest = await held(file, () => jobIsGone(dataDir, "half"));
      figures.push(...figuresOf("– the rest of that job's runs, page by page", rest, rest));
    }
  }
  await server.stop();
  return figures;
}

/** @typedef {{ wallMs: number, cpuMs: number, tookMs: number }} Held */

/**
 * @param {string} what
 * @param {Held} call
 * @param {Held} rest
 */
function figuresOf(what, call, rest) {
  return [
    figure(`${what}: longest hold`, "ms", call.wallMs, rest.wallMs),
    figure("– of it processor time of the server", "ms", call.cpuMs, rest.cpuMs),
    figure(`– ${IN_ALL}`, "ms", call.tookMs),
  ];
}

/**
 * Of so many attempts the shortest hold: a machine that others use too holds the loop up by itself.
 * @param {string} file
 * @param {number} attempts
 * @param {() => Promise<unknown>} work
 */
async function shortest(file, attempts, work) {
  /** @type {Held[]} */
  const all = [];
  for (let attempt = 0; attempt < attempts; attempt += 1) all.push(await held(file, work));
  const least = (/** @type {keyof Held} */ what) => Math.min(...all.map((one) => one[what]));
  return { wallMs: least("wallMs"), cpuMs: least("cpuMs"), tookMs: least("tookMs") };
}

/**
 * The longest time that the event loop was held up.
 * @param {string} file
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Held>}
 */
async function held(file, work) {
  rmSync(file, { force: true });
  await wait(1_100);
  const began = performance.now();
  await work();
  const tookMs = performance.now() - began;
  await wait(1_100);
  const { max, maxCpu } = JSON.parse(readFileSync(file, "utf8"));
  return { wallMs: max / 1e6, cpuMs: maxCpu / 1e6, tookMs };
}

/**
 * @param {string} origin
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 */
async function ask(origin, method, path, body) {
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: { "content-type": "application/json", origin },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status >= 400)
    throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
}

/**
 * Waits for audit rows that the server writes when it has done something by itself.
 * @param {string} dataDir
 * @param {readonly string[]} actions
 */
function seen(dataDir, actions) {
  const wanted = JSON.stringify(actions);
  return until(
    actions.join(" and "),
    () =>
      first(
        dataDir,
        `SELECT count(DISTINCT "action") FROM "Audit" WHERE "id" > (SELECT max("id") - 100000 FROM "Audit")
          AND "action" IN (SELECT value FROM json_each('${wanted}'))`,
      ) === actions.length || null,
    1_000,
  );
}

/**
 * @param {string} dataDir
 * @param {string} job
 */
function jobIsGone(dataDir, job) {
  return until(
    "the job is gone",
    () => first(dataDir, `SELECT count(*) FROM "Job" WHERE "id" = '${job}'`) === 0 || null,
    500,
  );
}

/**
 * @param {string} dataDir
 * @param {string} query
 */
function first(dataDir, query) {
  const database = new Database(join(dataDir, "unstuck.db"), { readonly: true });
  try {
    return database.prepare(query).pluck().get();
  } finally {
    database.close();
  }
}
