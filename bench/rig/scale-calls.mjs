import { BIG_JOB } from "./seed.mjs";

/** What is asked for; `RUN` is the newest run of the job with the most, `MIDDLE` a time in the middle of the history. */
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
  ["– since the middle", "/api/v1/runs?limit=50&since=MIDDLE"],
  ["– until the middle", "/api/v1/runs?limit=50&until=MIDDLE"],
  ["– before all of it", "/api/v1/runs?limit=50&until=2001-01-01T00:00:00Z"],
  ["– by fingerprint", "/api/v1/runs?limit=50&fingerprint=ValueError%3A%20no%20price%20in%20%3Curl%3E%207"],
  ["– text that a job's id has", "/api/v1/runs?limit=50&q=job-00042"],
  ["– text that a run's id has", "/api/v1/runs?limit=50&q=0000000321"],
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
  const middle = new Date(Date.now() - 547 * 86_400_000).toISOString();
  return CALLS.map(([, path]) => `${path}`.replace("RUN", items[0].id).replace("MIDDLE", middle));
}
