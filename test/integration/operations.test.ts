import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
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

test("B11 a run goes from queued over starting and running to stopping and stopped, each told once", async () => {
  const run = await op.runningJob("steps", program("forever"));
  await op.stop("steps");
  await op.over(run.id);
  const events = await op.events(run.id);
  const states = events.flatMap(({ data }: { data: { to?: string } }) => data.to ?? []);
  expect(events[0]).toMatchObject({ type: "queued" });
  expect(states).toEqual(["starting", "running", "stopping", "stopped"]);
});

test("B11 start answers 202 with a queued run at once, and the run then shows a live process", async () => {
  await op.makeJob("alive", program("forever"));
  const queued = await op.start("alive", { reason: "first try" });
  expect(queued).toMatchObject({ job: "alive", state: "queued", pid: null, startedAt: null, trigger: "api" });
  const run = await op.running(queued.id);
  expect(isRunning(run.pid)).toBe(true);
  expect(processesOfRun(run.id).map(({ pid }) => pid)).toContain(run.pid);
});

test("C6 status keeps running and adds state and lastHeartbeat, for one job and for all", async () => {
  await op.makeJob("never-ran", program("forever"));
  const run = await op.runningJob("is-running", program("writes-lines", 3, makeFifo(join(op.cwd, "c6"))));
  await until("its output counts as life", async () => (await op.status("is-running")).lastHeartbeat);
  expect(await op.status("never-ran")).toMatchObject({ running: false, state: "IDLE", pid: null, run: null });
  expect(await op.status("is-running")).toMatchObject({
    running: true,
    state: "RUNNING",
    pid: run.pid,
    managedProcess: true,
    run: { id: run.id },
  });
  const all = await op.call("GET", "/api/v1/status", 200);
  expect(all.items).toContainEqual(expect.objectContaining({ job: "is-running", state: "RUNNING" }));
  expect(all.items).toContainEqual(expect.objectContaining({ job: "never-ran", state: "IDLE" }));
});

test("B1 a run's output stands in data/<job>/logs/<runId>.log, and the API reads that very file", async () => {
  await op.makeJob("writer", program("writes-lines", 3));
  const { id } = await op.over((await op.start("writer")).id);
  const file = join(server.dataDir, "writer", "logs", `${id}.log`);
  expect(readFileSync(file, "utf8")).toBe("line 1\nline 2\nline 3\n");
  expect(await op.log(id)).toBe("line 1\nline 2\nline 3\n");
  expect(await op.run(id)).toMatchObject({ logBytes: 21, state: "completed" });
});

test("B5 a run keeps the configuration it began with, although the job was changed meanwhile", async () => {
  const job = await op.makeJob("changed", program("prints-environment"), {
    env: { SHOP: "old" },
    locks: ["b5"],
  });
  const holder = await op.runningJob("b5-holder", program("forever"), { locks: ["b5"] });
  const before = await op.start("changed", { args: ["--old"] });
  await op.call("PATCH", "/api/v1/jobs/changed", 200, {
    version: job.version,
    argv: program("forever"),
    env: { SHOP: "new" },
  });
  expect(await op.run(before.id)).toMatchObject({ argv: [...program("prints-environment"), "--old"] });
  await op.stop("b5-holder");
  await op.over(holder.id);
  await op.over(before.id);
  expect(await op.log(before.id)).toContain("SHOP=old\n");
  expect(await op.run(before.id)).toMatchObject({ state: "completed", cwd: op.cwd });
});

test("B9 restart waits its delay, half a second by default, between the old run's end and the new one's start", async () => {
  const first = await op.runningJob("again", program("forever"));
  expect(await op.restart("again")).toMatchObject({ id: first.id, state: "stopping", cause: "restart" });
  const old = await op.over(first.id);
  const [second] = await until("a successor runs", async () => {
    const runs = await op.runsOf("again");
    return runs[0].id !== first.id && runs[0].state === "running" ? runs : null;
  });
  expect(old).toMatchObject({ state: "stopped", cause: "restart" });
  expect(second).toMatchObject({ trigger: "restart" });
  expect(Date.parse(second.queuedAt) - Date.parse(old.endedAt)).toBeGreaterThanOrEqual(500);
  expect(processesOfRun(first.id)).toEqual([]);
});

test("B9 the delay of a restart can be chosen, and a job that is not running is simply started", async () => {
  await op.makeJob("idle", program("forever"));
  const first = await op.restart("idle", { delayMs: 60_000 });
  expect(first).toMatchObject({ state: "queued", trigger: "restart" });
  await op.running(first.id);
  await op.restart("idle", { delayMs: 0 });
  await op.over(first.id);
  await until("a successor runs", async () => (await op.runsOf("idle"))[0].id !== first.id);
});

test("a stop calls a restart off", async () => {
  const release = join(op.cwd, "called-off");
  await op.makeJob("called-off", program("ends-slowly", release), { timeouts: { stopGraceMs: 60_000 } });
  const run = await op.startReady("called-off");
  await op.restart("called-off", { delayMs: 0 });
  await op.stop("called-off");
  makeFifo(release);
  await op.over(run.id);
  expect((await op.events(run.id)).map(({ type }: { type: string }) => type)).toContain("restart_cancelled");
  expect(await op.runsOf("called-off")).toHaveLength(1);
  expect((await server.api("POST", "/api/v1/jobs/called-off/stop")).status).toBe(409);
});

test("a stop calls a restart off between the old run's end and the new one's start too", async () => {
  const run = await op.runningJob("pause", program("forever"));
  await op.restart("pause", { delayMs: 3_600_000 });
  await op.over(run.id);
  expect(await op.stop("pause")).toMatchObject({ id: run.id, state: "stopped" });
  expect((await op.events(run.id)).at(-1)).toMatchObject({ type: "restart_cancelled" });
  expect((await server.api("POST", "/api/v1/jobs/pause/stop")).status).toBe(409);
});

test("restart of a run that waits in the queue makes a new one with the job as it is now", async () => {
  await op.runningJob("q-holder", program("forever"), { locks: ["q"] });
  const job = await op.makeJob("q-waiter", program("forever"), { locks: ["q"] });
  const waiting = await op.start("q-waiter");
  await op.call("PATCH", "/api/v1/jobs/q-waiter", 200, { version: job.version, locks: [] });
  await op.restart("q-waiter");
  expect(await op.over(waiting.id)).toMatchObject({ state: "stopped", cause: "restart", startedAt: null });
  await until("its successor runs", async () => {
    const [newest] = await op.runsOf("q-waiter");
    return newest.id !== waiting.id && newest.state === "running";
  });
});

test("B11 stop-all ends every active run and says which, and with nothing active it has nothing to say", async () => {
  const runs = [];
  for (const id of ["all-1", "all-2", "all-3"]) runs.push(await op.runningJob(id, program("forever")));
  const answer = await op.call("POST", "/api/v1/stop-all", 202, { reason: "closing time" });
  const told = answer.stopping.map(({ id }: { id: string }) => id).sort();
  expect(told).toEqual(runs.map(({ id }) => id).sort());
  for (const run of runs) {
    expect(await op.over(run.id)).toMatchObject({
      state: "stopped",
      reason: expect.stringContaining("closing time"),
    });
    expect(processesOfRun(run.id)).toEqual([]);
  }
  expect(await op.call("POST", "/api/v1/stop-all", 202)).toEqual({ stopping: [], refused: [] });
});

test("precheck says start for a job at rest and wait for one at work, and changes nothing", async () => {
  await op.makeJob("checked", program("forever"));
  expect(await op.call("GET", "/api/v1/jobs/checked/precheck", 200)).toMatchObject({
    precheck: "start",
    run: null,
  });
  const run = await op.running((await op.start("checked")).id);
  const { version } = await op.run(run.id);
  expect(await op.call("GET", "/api/v1/jobs/checked/precheck", 200)).toMatchObject({
    precheck: "wait",
    run: { id: run.id },
  });
  expect(await op.run(run.id)).toMatchObject({ version, state: "running" });
});

test("a run is told where it is: its own variables, and none of the server's", async () => {
  await op.makeJob("told", program("prints-environment"), {
    env: { LANG: "C", FLAG: "ü 😀" },
    checkpoint: "c.json",
  });
  const { id } = await op.over((await op.start("told")).id);
  const printed = String(await op.log(id)).split("\n");
  expect(printed).toContain("FLAG=ü 😀");
  expect(printed).toContain(`UNSTUCK_RUN_ID=${id}`);
  expect(printed).toContain("UNSTUCK_JOB=told");
  expect(printed).toContain(`UNSTUCK_URL=${server.origin}`);
  expect(printed).toContain(`UNSTUCK_CHECKPOINT=${join(op.cwd, "c.json")}`);
  expect(printed.filter((line) => /^(PORT|NODE_ENV|UNSTUCK_DATA_DIR|UNSTUCK_DIST_DIR)=/.test(line))).toEqual(
    [],
  );
});

test("what a run needed only while it ran is removed when it has ended; its log stays", async () => {
  const fifo = makeFifo(join(op.cwd, "tidy"));
  const run = await op.runningJob("tidy", program("exits-when-told", fifo));
  const folder = join(server.dataDir, "runs", run.id);
  expect(existsSync(folder)).toBe(true);
  await tell(fifo, 0);
  await op.over(run.id);
  await until("its folder and record are gone", () => {
    return !existsSync(folder) && !existsSync(join(server.dataDir, "exits", run.id));
  });
  expect(existsSync(join(server.dataDir, "tidy", "logs", `${run.id}.log`))).toBe(true);
});

test("restart of a run that is being stopped for good is refused instead of promised", async () => {
  const release = join(op.cwd, "for-good");
  await op.makeJob("for-good", program("ends-slowly", release), { timeouts: { stopGraceMs: 60_000 } });
  const run = await op.startReady("for-good");
  await op.stop("for-good");
  const refused = await server.api("POST", "/api/v1/jobs/for-good/restart");
  expect(refused).toMatchObject({
    status: 409,
    body: { code: "RUN_ALREADY_ACTIVE", details: { runId: run.id } },
  });
  makeFifo(release);
  expect(await op.over(run.id)).toMatchObject({ state: "stopped", cause: "stop" });
  expect(await op.runsOf("for-good")).toHaveLength(1);
});
