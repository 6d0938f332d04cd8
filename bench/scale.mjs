import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import { figure, median, p50AndP95, percentile } from "./rig/figures.mjs";
import { healthMeanwhile } from "./rig/health-meanwhile.mjs";
import { keepPagesOpen } from "./rig/open-pages.mjs";
import { createJob, eachOf, ended, start } from "./rig/runs.mjs";
import { CALLS, filledIn } from "./rig/scale-calls.mjs";
import { BIG_JOB, LOCK_EVERY, seed } from "./rig/seed.mjs";
import { startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";
import { acts } from "./start.mjs";

export const title = "A long history and many jobs";

/** @typedef {import("./rig/server.mjs").BenchServer} BenchServer */
/** @typedef {import("./rig/seed.mjs").Size} Size */

const LARGE = { jobs: 5_000, runs: 1_000_000, points: 401, alerts: 1_000 };
const QUICK = { ...LARGE, jobs: 250, runs: 50_000, alerts: 100 };
const SMALL = { ...LARGE, jobs: 100, runs: 1_000, alerts: 50 };
const LOCKED = 20;
const SLEEP = ["sleep", "36000"];
const PAGES_OPEN = 50;

/**
 * The baseline of every figure is the same product with a short history: 100 jobs, 1,000 runs, as much that is stuck, locked and open.
 * @param {import("../scripts/bench.mjs").Bench} bench
 */
export async function measure({ root, quick }) {
  const say = process.env.BENCH_SAY ? console.log : () => undefined;
  const size = quick ? QUICK : LARGE;
  let large = await seeded(root, size, say);
  let small = await seeded(root, SMALL, say);
  for (const server of [large, small]) await holdLocks(server);
  const figures = await asked(large, small, quick ? 60 : 300, say);
  const firstActs = { large: /** @type {number[]} */ ([]), small: /** @type {number[]} */ ([]) };
  for (let round = 0; round < 4; round += 1) {
    firstActs.large.push(...(await acts(large, quick ? 10 : 50)));
    firstActs.small.push(...(await acts(small, quick ? 10 : 50)));
  }
  figures.push(...p50AndP95("POST start → the program's first act", "ms", firstActs.large, firstActs.small));

  const boots = { large: /** @type {number[]} */ ([]), small: /** @type {number[]} */ ([]) };
  for (let round = 0; round < (quick ? 2 : 5); round += 1) {
    large = await booted(root, large, boots.large);
    small = await booted(root, small, boots.small);
  }
  figures.push(
    figure("start of the dashboard → /health 200", "ms", median(boots.large), median(boots.small)),
  );
  say(figures.at(-1));
  await small.stop();
  figures.push(...(await deletion(large)));
  say(figures.slice(-2));
  figures.push(...(await manyPages(large, quick ? 50 : 1_000, quick ? 10_000 : 60_000)));
  await large.stop();
  return figures;
}

/**
 * @param {string} root
 * @param {Size} size
 * @param {(line: unknown) => void} say
 */
async function seeded(root, size, say) {
  const server = await startServer(root);
  await createJob(server, "template", ["true"]);
  await ended(server, await start(server, "template"));
  await server.stop();
  const began = performance.now();
  seed(server.dataDir, size, SLEEP, Date.now());
  say(`seeded ${size.runs} runs in ${Math.round((performance.now() - began) / 1_000)} s`);
  const filled = await startServer(root, { dataDir: server.dataDir });
  await createJob(filled, "start", ["/bin/sh", "-c", "date +%s%N; exec sleep 0.1"]);
  return filled;
}

/** @param {BenchServer} server */
async function holdLocks(server) {
  const ids = Array.from({ length: LOCKED }, (_, index) => `locked-${index}`);
  await eachOf(ids, async (id) => {
    await createJob(server, id, SLEEP, { locks: [`held-${id}`] });
    await start(server, id);
  });
}

/**
 * @param {BenchServer} large
 * @param {BenchServer} small
 * @param {number} times
 * @param {(line: unknown) => void} say
 */
async function asked(large, small, times, say) {
  const figures = [];
  const paths = { large: await filledIn(large), small: await filledIn(small) };
  for (const [index, [name]] of CALLS.entries()) {
    const taken = { large: /** @type {number[]} */ ([]), small: /** @type {number[]} */ ([]) };
    for (let time = -10; time < times; time += 1)
      for (const [which, server] of /** @type {const} */ ([
        ["large", large],
        ["small", small],
      ])) {
        const took = await timed(server, paths[which][index] ?? "");
        if (time >= 0) taken[which].push(took);
      }
    figures.push(...p50AndP95(`${name}`, "ms", taken.large, taken.small));
    say(
      figures
        .slice(-2)
        .map(({ figure: what, value, baseline }) => `${what} ${value.toFixed(1)} ${baseline?.toFixed(1)}`)
        .join("; "),
    );
  }
  return figures;
}

/**
 * @param {BenchServer} server
 * @param {string} path
 */
async function timed({ api }, path) {
  const began = performance.now();
  const { status, body } = await api.get(path);
  const took = performance.now() - began;
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body.toString().slice(0, 300)}`);
  return took;
}

/**
 * @param {string} root
 * @param {BenchServer} server
 * @param {number[]} times
 */
async function booted(root, server, times) {
  await server.stop();
  const began = performance.now();
  const next = await startServer(root, { dataDir: server.dataDir });
  times.push(performance.now() - began);
  return next;
}

/**
 * How long others wait at worst while the job with the most runs goes; the baseline is the same server at rest.
 * @param {BenchServer} server
 */
async function deletion(server) {
  const atRest = await healthMeanwhile(server, 5, () => wait(10_000));
  const began = performance.now();
  const meanwhile = await healthMeanwhile(server, 5, async () => {
    const answer = await fetch(`${server.origin}/api/v1/jobs/${BIG_JOB}`, {
      method: "DELETE",
      headers: { origin: server.origin },
    });
    if (!answer.ok) throw new Error(`The deletion was answered with ${answer.status}.`);
    await until("the job is gone", () => (isGone(server.dataDir) ? true : null), 500);
  });
  const took = performance.now() - began;
  return [
    figure(
      "/health every 5 ms while that job's runs are deleted, longest",
      "ms",
      Math.max(...meanwhile),
      Math.max(...atRest),
    ),
    figure("– p99", "ms", percentile(meanwhile, 99), percentile(atRest, 99)),
    figure("– until all are gone", "s", took / 1_000),
  ];
}

/** @param {string} dataDir */
function isGone(dataDir) {
  const database = new Database(join(dataDir, "unstuck.db"), { readonly: true });
  try {
    return database.prepare(`SELECT count(*) FROM "Job" WHERE "id" = ?`).pluck().get(BIG_JOB) === 0;
  } finally {
    database.close();
  }
}

/**
 * @param {BenchServer} server
 * @param {number} runs
 * @param {number} forMs
 */
async function manyPages(server, runs, forMs) {
  // Of jobs that share a lock only one would run, and the others would be waited for in vain.
  const jobs = Array.from({ length: 2 * runs }, (_, index) => index + 1)
    .filter((number) => number % LOCK_EVERY !== 0)
    .slice(0, runs)
    .map((number) => `job-${String(number).padStart(5, "0")}`);
  await eachOf(jobs, (job) => start(server, job));
  await until(
    "all run",
    async () => ((await server.api.read("/health")).runsWatched >= runs ? true : null),
    500,
  );
  const without = await healthMeanwhile(server, 20, () => wait(forMs));
  const withPages = await healthMeanwhile(server, 20, () => keepPagesOpen(server, PAGES_OPEN, jobs, forMs));
  return [50, 99].map((rank) =>
    figure(
      `/health with ${runs} live runs and ${PAGES_OPEN} open pages, p${rank}; without pages`,
      "ms",
      percentile(withPages, rank),
      percentile(without, rank),
    ),
  );
}
