import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfFolder } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(async () => {
  const { items } = await op.call("GET", "/api/v1/limits", 200);
  for (const { name } of items) await op.call("DELETE", `/api/v1/limits/${encodeURIComponent(name)}`, 204);
  await op.endAll();
});
afterAll(cleanUp);

const setLimit = (operation: Operator, name: string, maxRuns: number) =>
  operation.call("PUT", `/api/v1/limits/${encodeURIComponent(name)}`, 200, { maxRuns });

async function states(operation: Operator, jobs: readonly string[]): Promise<Record<string, number>> {
  const found: string[] = await Promise.all(jobs.map(async (job) => (await operation.status(job)).run.state));
  return Object.fromEntries(
    [...new Set(found)].map((state) => [state, found.filter((one) => one === state).length]),
  );
}

/** Runs of which anything is there, whatever the database says. */
function runsAlive(dataDir: string): number {
  return new Set(processesOfFolder(dataDir).flatMap(({ marker }) => (marker === null ? [] : [marker]))).size;
}

test("a tag's limit holds under 20 starts at once and a kill -9 of the dashboard in the middle of them", async () => {
  const dataDir = newDataDir();
  let own = await startServer({ dataDir });
  let operation = operator(own);
  await setLimit(operation, "tag:crowd", 4);
  const jobs = Array.from({ length: 20 }, (_, index) => `crowd-${index}`);
  for (const job of jobs) await operation.makeJob(job, program("forever"), { tags: ["crowd"] });
  const answers = jobs.map((job) => own.api("POST", `/api/v1/jobs/${job}/start`).catch(() => null));
  await Promise.race(answers);
  await own.kill();
  await Promise.all(answers);
  expect(runsAlive(dataDir)).toBeLessThanOrEqual(4);
  own = await startServer({ dataDir });
  operation = operator(own);
  // Those that were not written down before the kill are asked for again; the others are refused for being there.
  await Promise.all(jobs.map((job) => own.api("POST", `/api/v1/jobs/${job}/start`)));
  await until("four run", async () => (await states(operation, jobs)).running === 4);
  expect(await states(operation, jobs)).toEqual({ running: 4, queued: 16 });
  expect(runsAlive(dataDir)).toBe(4);
  const [limit] = (await operation.call("GET", "/api/v1/limits", 200)).items;
  expect(limit).toMatchObject({ name: "tag:crowd", maxRuns: 4, active: 4, waitingCount: 16 });
  for (const { waitingFor } of limit.waiting)
    expect(waitingFor).toBe("its turn: 4 of 4 runs with tag crowd are active");

  await setLimit(operation, "tag:crowd", 2);
  expect(await states(operation, jobs), "lowering ends nothing").toEqual({ running: 4, queued: 16 });
  await setLimit(operation, "tag:crowd", 6);
  await until("raising starts two more", async () => (await states(operation, jobs)).running === 6);
  expect(runsAlive(dataDir)).toBe(6);
  await operation.call("DELETE", "/api/v1/limits/tag%3Acrowd", 204);
  await until("all run without a limit", async () => (await states(operation, jobs)).running === 20);
  await operation.endAll();
});

test("the host's limit counts every run, and whoever waits for it says so", async () => {
  await setLimit(op, "worker", 2);
  const fifo = makeFifo(join(op.cwd, "one"));
  await op.runningJob("one", program("exits-when-told", fifo));
  await op.runningJob("two", program("forever"));
  await op.makeJob("three", program("forever"));
  const third = await op.start("three");
  expect(third).toMatchObject({ state: "queued", waitingFor: "its turn: this host runs at most 2" });
  await tell(fifo, 0);
  await op.running(third.id);
  const audit: Answer = await op.events(third.id);
  expect(audit.map(({ type }: { type: string }) => type).slice(0, 3)).toEqual([
    "queued",
    "waiting",
    "claimed",
  ]);
});

test("a job's limit is one by its own lock, and whoever wants another is told so", async () => {
  const answer = await server.api("PUT", "/api/v1/limits/job%3Anightly", { maxRuns: 3 });
  expect(answer).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
  expect(answer.body.detail).toContain("a job's limit is always one run");
  for (const [name, body] of [
    ["everything", { maxRuns: 3 }],
    ["tag:", { maxRuns: 3 }],
    ["worker", { maxRuns: 0 }],
    ["worker", {}],
    ["worker", { maxRuns: 1.5 }],
  ] as const)
    expect((await server.api("PUT", `/api/v1/limits/${encodeURIComponent(name)}`, body)).status).toBe(400);
  expect((await op.call("GET", "/api/v1/limits", 200)).items).toEqual([]);
  await op.call("DELETE", "/api/v1/limits/worker", 204);
});
