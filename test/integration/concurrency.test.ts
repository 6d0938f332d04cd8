import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRuns, spawnHelperOf } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

/** Programs of this server's runs: what is left without the launchers, which are children of the server or of its helper. */
function programs(runIds: readonly string[]) {
  const starters = [server.pid, spawnHelperOf(server.pid)];
  return processesOfRuns((marker) => runIds.some((id) => marker.startsWith(`${id}.`))).filter(
    ({ parent }) => !starters.includes(parent),
  );
}

test("B6 C7 of 50 starts at once exactly one makes a run, and the 49 others are told its id", async () => {
  await op.makeJob("popular", program("forever"));
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => server.api("POST", "/api/v1/jobs/popular/start")),
  );
  const [accepted, ...more] = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status === 409);
  expect(more).toEqual([]);
  expect(refused).toHaveLength(49);
  const runId = accepted?.body.run.id;
  for (const { body } of refused)
    expect(body).toMatchObject({ code: "RUN_ALREADY_ACTIVE", details: { runId, job: "popular" } });
  await op.running(runId);
  expect(programs([runId])).toHaveLength(1);
  expect(await op.runsOf("popular")).toHaveLength(1);
});

test("B6 of five starts at once for each of 20 jobs, each job gets one run with one process", async () => {
  const jobs = Array.from({ length: 20 }, (_, index) => `crowd-${String(index).padStart(2, "0")}`);
  for (const job of jobs) await op.makeJob(job, program("forever"));
  const answers = await Promise.all(
    jobs.flatMap((job) => Array.from({ length: 5 }, () => server.api("POST", `/api/v1/jobs/${job}/start`))),
  );
  const runs = answers.filter(({ status }) => status === 202).map(({ body }) => body.run);
  expect(runs.map(({ job }) => job).sort()).toEqual(jobs);
  // On a busy machine some wait longer for the database than a request may, and are told so.
  const refused = answers.filter(({ status }) => status !== 202).map(({ body }) => body.code);
  for (const code of refused) expect(["RUN_ALREADY_ACTIVE", "DATABASE_BUSY"]).toContain(code);
  expect(refused).toHaveLength(80);
  for (const { id } of runs) await op.running(id);
  const found = programs(runs.map(({ id }) => id));
  expect(found).toHaveLength(20);
  expect(new Set(found.map(({ marker }) => marker)).size).toBe(20);
});

test("B6 starts, stops and restarts of one job all at once leave at most one process and one active run", async () => {
  await op.makeJob("quarrel", program("forever"));
  const verbs = ["start", "stop", "restart"];
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      server.api("POST", `/api/v1/jobs/quarrel/${verbs[index % 3]}`, index % 3 === 2 ? { delayMs: 0 } : {}),
    ),
  );
  for (const { status, body } of answers) {
    // On a busy machine some wait longer for the database than a request may, and are told so.
    if (status !== 202) expect(["RUN_ALREADY_ACTIVE", "NOT_RUNNING", "DATABASE_BUSY"]).toContain(body.code);
  }
  const runs = await op.runsOf("quarrel");
  expect(
    runs.filter(({ endedAt }: { endedAt: string | null }) => endedAt === null).length,
  ).toBeLessThanOrEqual(1);
  // A launcher that was overtaken, and what it is just forking, loses its claim and ends; a second program would stay.
  const ids = runs.map(({ id }: { id: string }) => id);
  await until("at most one process is left", () => programs(ids).length <= 1);
});

test("a stop that overtakes the launch leaves no process and a run that says stopped", async () => {
  await op.makeJob("overtaken", program("forever"));
  for (let round = 0; round < 25; round += 1) {
    const { id } = await op.start("overtaken");
    await op.stop("overtaken", { graceMs: round % 2 === 0 ? 0 : 5_000 });
    expect(await op.over(id)).toMatchObject({ state: "stopped", cause: "stop" });
    // A launcher that comes after that loses its claim (it is just forking its ln, perhaps) and ends; a program would stay.
    await until("nothing of it is left", () => programs([id]).length === 0);
  }
});
