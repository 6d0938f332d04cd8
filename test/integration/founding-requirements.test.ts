import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { isRunning, kill, launcherOf, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Rows of the founding documents that no other file shows end to end; test/house/founding-rows.test.ts counts them all. */

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

test("B3 processes that are gone when the dashboard comes back are closed at that moment, with the reason", async () => {
  const first = await startServer();
  const before = operator(first);
  const gone = await before.runningJob("gone", program("forever"));
  const alive = await before.runningJob("alive", program("forever"));
  await first.kill();
  kill(launcherOf(gone), "SIGKILL");
  kill(gone.pid, "SIGKILL");
  await until("both processes are gone", () => processesOfRun(gone.id).length === 0);
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  // No waiting: the server is ready, so it has found out.
  const closed = await after.run(gone.id);
  expect(closed).toMatchObject({ state: "interrupted", cause: "launcher_killed", exitCode: null });
  expect(closed.reason).toContain("killed from outside");
  expect(await after.run(alive.id)).toMatchObject({ state: "running", pid: alive.pid });
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

test("C1 of an end by itself and a stop at the same moment one wins, and the history is one path", async () => {
  for (let round = 0; round < 5; round += 1) {
    const fifo = makeFifo(join(op.cwd, `c1-${round}`));
    const { id } = await op.runningJob(`c1-${round}`, program("exits-when-told", fifo));
    await Promise.all([tell(fifo, 0), server.api("POST", `/api/v1/jobs/c1-${round}/stop`)]);
    const run = await op.over(id);
    expect(["completed/exit", "stopped/stop"]).toContain(`${run.state}/${run.cause}`);
    const path = await pathOf(id);
    expect(path.at(-1)).toBe(run.state);
    expect(new Set(path).size).toBe(path.length);
  }
});

test("C7 normal operation: idle, running, completed, and ready for the next start", async () => {
  const fifo = makeFifo(join(op.cwd, "normal"));
  await op.makeJob("normal", program("exits-when-told", fifo));
  expect(await op.status("normal")).toMatchObject({ state: "IDLE", running: false, run: null });
  const { id } = await op.start("normal");
  await op.running(id);
  expect(await op.status("normal")).toMatchObject({ state: "RUNNING", running: true });
  await tell(fifo, 0);
  await op.over(id);
  expect(await op.status("normal")).toMatchObject({ state: "COMPLETED", running: false, pid: null });
  const next = await op.running((await op.start("normal")).id);
  expect(next.id).not.toBe(id);
});

test("C7 error: the run fails with its own code and reason, and blocks nothing", async () => {
  await op.makeJob("error", program("exits-with", 9));
  const run = await op.over((await op.start("error")).id);
  expect(run).toMatchObject({ state: "failed", cause: "exit", exitCode: 9 });
  expect(run.reason).toContain("9");
  expect(await op.status("error")).toMatchObject({ state: "FAILED", running: false });
  expect(await op.over((await op.start("error")).id)).toMatchObject({ state: "failed", exitCode: 9 });
});

test("C7 time-out: a run that outlives its limit is ended by itself, and the job is free", async () => {
  const run = await op.runningJob("outlives", program("ignores-term"), {
    timeouts: { maxDurationMs: 1_000, stopGraceMs: 200 },
  });
  expect(await op.over(run.id)).toMatchObject({ state: "timed_out", cause: "max_duration" });
  expect(await op.status("outlives")).toMatchObject({ state: "TIMEOUT", running: false });
  expect(isRunning(run.pid)).toBe(false);
  await op.running((await op.start("outlives")).id);
});

test("C7 concurrent starts: one run, one process, and every other caller is told which run it is", async () => {
  await op.makeJob("crowd", program("forever"));
  const path = "/api/v1/jobs/crowd/start";
  const answers = await Promise.all(Array.from({ length: 10 }, () => server.api("POST", path)));
  const [won] = answers.filter(({ status }) => status === 202);
  const lost = answers.filter(({ status }) => status === 409);
  expect(lost).toHaveLength(9);
  const run = await op.running(won?.body.run.id);
  for (const { body } of lost) expect(body.details).toMatchObject({ runId: run.id });
  expect(processesOfRun(run.id).filter(({ pid }) => pid !== launcherOf(run))).toHaveLength(1);
});

test("C7 killed mid-operation and recovered: dashboard and program are killed, the next one says so and starts again", async () => {
  const first = await startServer();
  const before = operator(first);
  const killed = await before.runningJob("mid-operation", program("forever"));
  await first.kill();
  process.kill(killed.pid, "SIGKILL");
  const next = await startServer({ dataDir: first.dataDir });
  const after = operator(next);
  expect(await after.over(killed.id)).toMatchObject({
    state: "interrupted",
    cause: "killed_outside",
    signal: "SIGKILL",
  });
  const again = await after.running((await after.start("mid-operation")).id);
  expect(again.pid).not.toBe(killed.pid);
  await after.endAll();
  expect(await next.stop()).toBe(0);
});

test("D6 every process is seen in one answer, with its log and its limits; a failed one is not started again by itself", async () => {
  const job = await op.makeJob("watched", program("writes-lines", 2, makeFifo(join(op.cwd, "d6"))));
  const run = await op.running((await op.start("watched")).id);
  await op.makeJob("fails", program("exits-with", 1));
  const failed = await op.over((await op.start("fails")).id);
  const { items } = await op.call("GET", "/api/v1/status", 200);
  expect(items).toContainEqual(
    expect.objectContaining({ job: "watched", pid: run.pid, managedProcess: true }),
  );
  expect(items).toContainEqual(expect.objectContaining({ job: "fails", state: "FAILED" }));
  expect(await op.log(run.id)).toContain("line 2\n");
  const limits = { maxDurationMs: 3_600_000, silenceMs: 60_000 };
  await op.call("PATCH", "/api/v1/jobs/watched", 200, { version: job.version, timeouts: limits });
  expect(await op.call("GET", "/api/v1/jobs/watched", 200)).toMatchObject({ timeouts: limits });
  // Their "automatic recovery" is not there: what failed waits for somebody who decides.
  expect((await op.runsOf("fails")).map(({ id }: Answer) => id)).toEqual([failed.id]);
});

/** The states a run went through, from its history. */
async function pathOf(id: string): Promise<string[]> {
  const events: { data: { from?: string; to?: string } }[] = await op.events(id);
  return events.flatMap(({ data }) => (data.from === data.to ? [] : (data.to ?? [])));
}
