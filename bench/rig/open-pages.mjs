import { setTimeout as wait } from "node:timers/promises";
import { connect } from "./api.mjs";

const STATUS = ["/api/v1/status?limit=50&order=attention", 2_000];
const TITLES = ["/api/v1/status?fields=job,title", 30_000];
const EVERYWHERE = [STATUS, ["/health", 3_000], ["/api/v1/folder", 10_000]];
const FINAL = "completed,failed,stopped,timed_out,interrupted,cleaned";

/**
 * What an open page of each kind asks, and how often while something runs: as in `lib/client/`. `JOB` and `RUN` are one of those that run.
 * @type {readonly (readonly (string | number)[][])[]}
 */
const PAGES = [
  [
    ...EVERYWHERE,
    TITLES,
    [`/api/v1/runs?state=${FINAL}&limit=10`, 2_000],
    ["/api/v1/stuck?limit=1", 10_000],
    ["/api/v1/alerts?open=1", 10_000],
    ["/api/v1/environment", 10_000],
  ],
  [...EVERYWHERE, ["/api/v1/status?limit=50", 2_000]],
  [...EVERYWHERE, TITLES, ["/api/v1/runs?limit=50", 2_000]],
  [
    ...EVERYWHERE,
    ["/api/v1/jobs/JOB/status", 2_000],
    ["/api/v1/runs?job=JOB&limit=40", 2_000],
    ["/api/v1/jobs/JOB", 30_000],
    ["/api/v1/jobs/JOB/recovery", 2_000],
    ["/api/v1/jobs/JOB/cleanups", 10_000],
  ],
  [
    ...EVERYWHERE,
    ["/api/v1/runs/RUN", 2_000],
    ["/api/v1/runs/RUN/events", 2_000],
    ["/api/v1/runs/RUN/usage", 5_000],
    ["/api/v1/jobs/JOB/status", 2_000],
  ],
  [
    ...EVERYWHERE,
    TITLES,
    ["/api/v1/stuck?limit=100", 2_000],
    ["/api/v1/alerts?open=1", 10_000],
    ["/api/v1/strays", 10_000],
  ],
  [
    ...EVERYWHERE,
    TITLES,
    ["/api/v1/locks?kind=shared&limit=50", 2_000],
    ["/api/v1/locks?kind=own&limit=50", 2_000],
    ["/api/v1/limits", 2_000],
  ],
];

/**
 * So many open pages, an equal number of each kind, each with a connection of its own and asking in its own rhythm.
 * @param {import("./server.mjs").BenchServer} server
 * @param {number} count
 * @param {readonly string[]} jobs that have a live run
 * @param {number} forMs
 */
export async function keepPagesOpen({ origin, api }, count, jobs, forMs) {
  const end = performance.now() + forMs;
  const pages = Array.from({ length: count }, async (_, index) => {
    const job = jobs[(index * 17) % jobs.length] ?? "";
    const run = (await api.read(`/api/v1/jobs/${job}/status`)).run.id;
    const own = connect(origin);
    const asked = PAGES[index % PAGES.length] ?? [];
    await Promise.all(
      asked.map(([path, everyMs]) =>
        keepAsking(own, `${path}`.replace("JOB", job).replace("RUN", run), Number(everyMs), end),
      ),
    );
    own.close();
  });
  await Promise.all(pages);
}

/**
 * @param {import("./api.mjs").Api} api
 * @param {string} path
 * @param {number} everyMs
 * @param {number} end
 */
async function keepAsking(api, path, everyMs, end) {
  await wait(Math.random() * everyMs);
  while (performance.now() < end) {
    const { status } = await api.get(path);
    if (status !== 200) throw new Error(`${path} answered ${status}.`);
    await wait(Math.min(everyMs, Math.max(0, end - performance.now())));
  }
}
