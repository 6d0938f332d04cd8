import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "./rig/api.mjs";
import { bareServer } from "./rig/baseline.mjs";
import { figure, median } from "./rig/figures.mjs";
import { createJob, stopAll } from "./rig/runs.mjs";
import { newFolder, startServer } from "./rig/server.mjs";
import { until } from "./rig/until.mjs";

export const title = "Fifty starts at once";

const STARTS = 50;

/** @typedef {import("./rig/server.mjs").BenchServer} BenchServer */

/** @param {import("../scripts/bench.mjs").Bench} bench */
export async function measure({ root, quick }) {
  const server = await startServer(root);
  const jobs = Array.from({ length: STARTS }, (_, index) => `many-${index}`);
  for (const job of ["one", ...jobs]) await createJob(server, job, ["sleep", "600"]);
  const file = join(newFolder(), "answer");
  writeFileSync(file, (await server.api.get("/api/v1/jobs/one")).body);
  const bare = await bareServer(file, "memory");
  const bareApi = connect(bare.origin);
  /** @type {{ bare: number[], one: number[], answered: number[], running: number[] }} */
  const all = { bare: [], one: [], answered: [], running: [] };
  try {
    for (let round = 0; round < (quick ? 2 : 6); round += 1) {
      all.bare.push(
        (
          await atOnce(
            bareApi,
            jobs.map(() => "/"),
          )
        ).took,
      );
      all.one.push(await oneJob(server));
      const { answered, running } = await manyJobs(server, jobs);
      all.answered.push(answered);
      all.running.push(running);
    }
  } finally {
    bareApi.close();
    await bare.stop();
  }
  // The first round also opens the connections and warms both servers up.
  const of = (/** @type {number[]} */ values) => median(values.slice(1));
  return [
    figure("of one job → all 50 answers (one 202, 49 times 409)", "ms", of(all.one), of(all.bare)),
    figure("of 50 jobs → all 50 answers", "ms", of(all.answered), of(all.bare)),
    figure("of 50 jobs → all 50 running", "ms", of(all.running)),
  ];
}

/** @param {BenchServer} server */
async function oneJob(server) {
  const paths = Array.from({ length: STARTS }, () => "/api/v1/jobs/one/start");
  const { took, statuses } = await atOnce(server.api, paths);
  const accepted = statuses.filter((status) => status === 202).length;
  const refused = statuses.filter((status) => status === 409).length;
  if (accepted !== 1 || refused !== STARTS - 1)
    throw new Error(`Expected one run, got ${statuses.join(" ")}.`);
  await stopAll(server);
  return took;
}

/**
 * @param {BenchServer} server
 * @param {readonly string[]} jobs
 */
async function manyJobs(server, jobs) {
  const began = performance.now();
  const { took } = await atOnce(
    server.api,
    jobs.map((job) => `/api/v1/jobs/${job}/start`),
  );
  await until("all run", async () => {
    const { items } = await server.api.read("/api/v1/status");
    return items.filter((/** @type {any} */ item) => item.run?.state === "running").length === STARTS
      ? true
      : null;
  });
  const running = performance.now() - began;
  await stopAll(server);
  return { answered: took, running };
}

/**
 * @param {import("./rig/api.mjs").Api} api
 * @param {readonly string[]} paths
 */
async function atOnce(api, paths) {
  const began = performance.now();
  const answers = await Promise.all(paths.map((path) => api.post(path)));
  return { took: performance.now() - began, statuses: answers.map((answer) => answer.status) };
}
