import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { isRunning, kill, launcherOf, parentOf, processesOfRun, spawnHelperOf } from "../processes";
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

/** Kills the launcher of a run, which is its program's parent, and waits until the dashboard has noticed. */
async function orphan(run: { id: string; pid: number }): Promise<void> {
  const launcher = launcherOf(run);
  expect([server.pid, spawnHelperOf(server.pid)]).toContain(parentOf(launcher));
  kill(launcher, "SIGKILL");
  await until("it is known to be unsupervised", async () =>
    (await op.events(run.id)).some(({ type }: { type: string }) => type === "unsupervised"),
  );
}

test("a run whose launcher was killed still runs, is told to, and cannot be started twice", async () => {
  const run = await op.runningJob("orphan", program("forever"));
  await orphan(run);
  expect(await op.run(run.id)).toMatchObject({ state: "running", health: "healthy", pid: run.pid });
  expect(isRunning(run.pid)).toBe(true);
  const refused = await server.api("POST", "/api/v1/jobs/orphan/start");
  expect(refused).toMatchObject({
    status: 409,
    body: { code: "RUN_ALREADY_ACTIVE", details: { runId: run.id } },
  });
});

test("a run whose launcher was killed can be stopped, tree and all", async () => {
  await op.makeJob("headless", program("forks-setsid-grandchild"));
  const run = await op.startReady("headless");
  await orphan(run);
  await op.stop("headless", { graceMs: 500 });
  expect(await op.over(run.id)).toMatchObject({ state: "stopped", cause: "stop", exitCode: null });
  expect(processesOfRun(run.id)).toEqual([]);
});

test("when a program without a launcher ends by itself, its exit code is not known and nobody invents one", async () => {
  const fifo = makeFifo(join(op.cwd, "unknown"));
  const run = await op.runningJob("unknown", program("exits-when-told", fifo));
  await orphan(run);
  await tell(fifo, 0);
  const ended = await op.over(run.id);
  expect(ended).toMatchObject({
    state: "interrupted",
    cause: "launcher_killed",
    exitCode: null,
    signal: null,
  });
  expect(ended.reason).toContain("exit code is not known");
});

test("C3 when launcher and program are killed together the run is interrupted, with the reason", async () => {
  const run = await op.runningJob("wiped-out", program("forever"));
  kill(launcherOf(run), "SIGKILL");
  kill(run.pid, "SIGKILL");
  expect(await op.over(run.id)).toMatchObject({
    state: "interrupted",
    cause: "launcher_killed",
    exitCode: null,
  });
  await op.running((await op.start("wiped-out")).id);
});

test("A3 B2 a run whose launcher was killed is found again after the dashboard was killed too", async () => {
  const own = await startServer();
  const other = operator(own);
  const run = await other.runningJob("twice-orphaned", program("forever"));
  kill(launcherOf(run), "SIGKILL");
  await own.kill();
  const next = await startServer({ dataDir: own.dataDir });
  const later = operator(next);
  expect(await later.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
  expect((await next.api("POST", "/api/v1/jobs/twice-orphaned/start")).status).toBe(409);
  await later.stop("twice-orphaned");
  expect(await later.over(run.id)).toMatchObject({ state: "stopped" });
  expect(isRunning(run.pid)).toBe(false);
  expect(await next.stop()).toBe(0);
});

test("a launcher that somebody stopped is woken when its program has ended, and the exit code is known", async () => {
  const run = await op.runningJob("asleep", program("forever"));
  kill(launcherOf(run), "SIGSTOP");
  kill(run.pid, "SIGSEGV");
  expect(await op.over(run.id)).toMatchObject({ state: "failed", cause: "crashed", signal: "SIGSEGV" });
});
