import { BIG_JOB } from "./seed.mjs";

/**
 * What is asked for; `RUN` is the newest run of the job with the most, `BEGINNING` how its id begins, `MIDDLE` a time in the middle of the
 * history and `BEFORE` one a day before that.
 */
export const CALLS = [
  ["overview, page", "/"],
  ["overview, API", "/api/v1/status?limit=50&order=attention"],
  ["job list, page", "/jobs"],
  ["job list, API", "/api/v1/jobs?limit=100"],
  ["– filtered by words", "/api/v1/status?limit=50&q=shop%2077"],
  ["run list, page", "/runs"],
  ["run list, API", "/api/v1/runs?limit=50"],
  ["– by state", "/api/v1/runs?limit=50&state=timed_out"],
  [
    "– by all final states",
    "/api/v1/runs?limit=50&state=completed,failed,stopped,timed_out,interrupted,cleaned",
  ],
  ["– by job", `/api/v1/runs?limit=50&job=${BIG_JOB}`],
  ["– by job and state", `/api/v1/runs?limit=50&job=${BIG_JOB}&state=queued`],
  ["– by job and a rare state", "/api/v1/runs?limit=50&job=job-00042&state=cleaned"],
  ["– since the middle", "/api/v1/runs?limit=50&since=MIDDLE"],
  ["– until the middle", "/api/v1/runs?limit=50&until=MIDDLE"],
  ["– since and until", "/api/v1/runs?limit=50&since=BEFORE&until=MIDDLE"],
  ["– before all of it", "/api/v1/runs?limit=50&until=2001-01-01T00:00:00Z"],
  ["– by fingerprint", "/api/v1/runs?limit=50&fingerprint=ValueError%3A%20no%20price%20in%20%3Curl%3E%207"],
  ["– text that a job's id has", "/api/v1/runs?limit=50&q=job-00042"],
  ["– text that very many jobs have", "/api/v1/runs?limit=50&q=job-"],
  ["– that text and a state", "/api/v1/runs?limit=50&q=job-&state=cleaned"],
  ["– text that a run's id begins with", "/api/v1/runs?limit=50&q=BEGINNING"],
  ["– text that nothing has", "/api/v1/runs?limit=50&q=nothing-has-this"],
  ["job page, page", `/jobs/${BIG_JOB}`],
  ["job page, API", `/api/v1/jobs/${BIG_JOB}/status`],
  ["run page, page", "/runs/RUN"],
  ["run page, API", "/api/v1/runs/RUN"],
  ["– its events", "/api/v1/runs/RUN/events"],
  ["stuck, page", "/stuck"],
  ["stuck, API", "/api/v1/stuck?limit=50"],
  ["locks, page", "/locks"],
  ["locks, API", "/api/v1/locks?limit=50"],
  ["alerts, API", "/api/v1/alerts?limit=50"],
  ["– open ones", "/api/v1/alerts?open=1"],
];

/** @param {import("./server.mjs").BenchServer} server */
export async function filledIn({ api }) {
  const { items } = await api.read(`/api/v1/runs?limit=1&job=${BIG_JOB}`);
  const [{ id }] = items;
  const ago = (/** @type {number} */ days) => new Date(Date.now() - days * 86_400_000).toISOString();
  const said = { RUN: id, BEGINNING: id.slice("run_".length, -10), MIDDLE: ago(547), BEFORE: ago(548) };
  const fill = (/** @type {string} */ path) =>
    Object.entries(said).reduce((all, [word, text]) => all.replace(word, text), path);
  return CALLS.map(([, path]) => fill(`${path}`));
}
