import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
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

const ENDS = [
  ["exit 0", ["exits-with", 0], { state: "completed", cause: "exit", exitCode: 0, signal: null }],
  ["exit 3", ["exits-with", 3], { state: "failed", cause: "exit", exitCode: 3, signal: null }],
  [
    "exit 125, the launcher's own code",
    ["exits-with", 125],
    { state: "failed", cause: "exit", exitCode: 125 },
  ],
  ["exit 255", ["exits-with", 255], { state: "failed", cause: "exit", exitCode: 255 }],
  [
    "SIGSEGV",
    ["kills-itself", "SEGV"],
    { state: "failed", cause: "crashed", exitCode: null, signal: "SIGSEGV" },
  ],
  [
    "SIGABRT",
    ["kills-itself", "ABRT"],
    { state: "failed", cause: "crashed", exitCode: null, signal: "SIGABRT" },
  ],
  ["SIGTERM", ["kills-itself", "TERM"], { state: "interrupted", cause: "killed_outside", signal: "SIGTERM" }],
  ["SIGINT", ["kills-itself", "INT"], { state: "interrupted", cause: "killed_outside", signal: "SIGINT" }],
  ["SIGHUP", ["kills-itself", "HUP"], { state: "interrupted", cause: "killed_outside", signal: "SIGHUP" }],
] as const;

describe("B4 C3 a run reaches its final state whatever ends it", () => {
  for (const [name, [behaviour, ...args], expected] of ENDS) {
    test(`B4 ${name}`, async () => {
      const id = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
      await op.makeJob(id, program(behaviour, ...args));
      const run = await op.over((await op.start(id)).id);
      expect(run).toMatchObject(expected);
      expect(run.reason).toMatch(/^[A-Z].*\.$/);
      expect(Date.parse(run.endedAt)).toBeGreaterThanOrEqual(Date.parse(run.startedAt));
    });
  }

  test("B4 SIGKILL from outside", async () => {
    const run = await op.runningJob("killed", program("forever"));
    process.kill(run.pid, "SIGKILL");
    expect(await op.over(run.id)).toMatchObject({
      state: "interrupted",
      cause: "killed_outside",
      signal: "SIGKILL",
      exitCode: null,
    });
    expect(await op.status("killed")).toMatchObject({ state: "FAILED", running: false, pid: null });
  });
});

test("A1 A4 a job that has just completed or crashed starts again at once, without already running", async () => {
  await op.makeJob("quick", program("exits-with", 0));
  await op.makeJob("crashes", program("exits-with", 3));
  for (const job of ["quick", "crashes"]) {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await op.start(job);
      await op.over(id);
    }
    expect(await op.runsOf(job)).toHaveLength(5);
  }
});

test("A1 a start that comes the moment the process is gone is not refused for a stale entry", async () => {
  await op.makeJob("stale", program("forever"));
  for (let round = 0; round < 5; round += 1) {
    const run = await op.running((await op.start("stale")).id);
    process.kill(run.pid, "SIGKILL");
    await until(
      "the job starts again",
      async () => (await server.api("POST", "/api/v1/jobs/stale/start")).status === 202,
    );
    expect(await op.run(run.id)).toMatchObject({ state: "interrupted", cause: "killed_outside" });
    await op.stop("stale", { force: true });
    await until("it is at rest", async () => (await op.status("stale")).running === false);
  }
});

test("A2 the old run keeps its true outcome when the job is started again", async () => {
  const fifo = makeFifo(join(op.cwd, "a2"));
  await op.makeJob("truth", program("exits-when-told", fifo));
  const outcomes = [];
  for (const code of [0, 3]) {
    const { id } = await op.start("truth");
    await tell(fifo, code);
    const { state, exitCode } = await op.over(id);
    outcomes.push([state, exitCode]);
  }
  const last = await op.running((await op.start("truth")).id);
  expect(outcomes).toEqual([
    ["completed", 0],
    ["failed", 3],
  ]);
  const states = (await op.runsOf("truth")).map(({ state }: { state: string }) => state);
  expect(states).toEqual(["running", "failed", "completed"]);
  await op.stop("truth");
  expect(await op.over(last.id)).toMatchObject({ state: "stopped" });
});

test("A5 the status notices an end that nobody asked about, without a start or a clean-up", async () => {
  const fifo = makeFifo(join(op.cwd, "a5"));
  await op.runningJob("unwatched", program("exits-when-told", fifo));
  await tell(fifo, 0);
  await until("the status says completed", async () => (await op.status("unwatched")).state === "COMPLETED");
  expect(await op.status("unwatched")).toMatchObject({ running: false, pid: null, managedProcess: false });
});

test("B4 what a program leaves behind when it ends is ended too, before the run is over", async () => {
  await op.makeJob("litters", program("leaves-children", 3));
  const { id } = await op.start("litters");
  await until("its end is told", async () => {
    const { state } = await op.run(id);
    if (state === "failed") expect(processesOfRun(id)).toEqual([]);
    return state === "failed";
  });
  const { reason, ...run } = await op.run(id);
  expect(run).toMatchObject({ exitCode: 3, cause: "exit" });
  expect(reason).toMatch(/^Exited with code 3; \d+ process(es)? it had left w(as|ere) ended: \S/);
  expect((await op.events(id)).map(({ type }: { type: string }) => type)).toContain("leftovers");
});
