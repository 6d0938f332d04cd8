import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { endChild, startChild } from "../children";
import { type Operator, operator } from "../operator";
import { startByHand } from "../pid-files";
import { isRunning, kill, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const reset = (job: string, status: number, body?: unknown): Promise<Answer> =>
  op.call("POST", `/api/v1/jobs/${job}/reset`, status, body);

/** Ends a whole run from outside, its launcher first, so that nobody records anything. */
async function wipeOut(runId: string, launcherFirst = true): Promise<void> {
  const processes = processesOfRun(runId);
  for (const { pid } of launcherFirst ? processes : processes.reverse()) kill(pid, "SIGKILL");
  await until("all of it is gone", () => processesOfRun(runId).length === 0);
}

test("A1 A4 C4 a start looks at the real process: a run that is gone is closed with its truth, and the start goes on", async () => {
  await op.makeJob("gone", program("forever"));
  for (let round = 0; round < 5; round += 1) {
    const run = await op.running((await op.start("gone")).id);
    await wipeOut(run.id);
    // At once: nobody has told the dashboard, and no sweep need have come by.
    const next = await op.start("gone");
    expect(next.id).not.toBe(run.id);
    expect(await op.run(run.id)).toMatchObject({ state: "interrupted", cause: "launcher_killed" });
    await op.running(next.id);
    await op.stop("gone", { graceMs: 0 });
    await op.over(next.id);
  }
});

test("A2 A4 a job that has just completed or crashed can be started again at once, and its run tells how it ended", async () => {
  await op.makeJob("quick", ["sh", "-c", 'read -r code <"$0"; exit "$code"', join(op.cwd, "quick-fifo")]);
  const fifo = makeFifo(join(op.cwd, "quick-fifo"));
  for (const code of [0, 3, 0, 7, 0]) {
    const run = await op.running((await op.start("quick")).id);
    await tell(fifo, code);
    await until("its program has ended", () => !isRunning(run.pid));
    const next = await op.start("quick");
    const state = code === 0 ? "completed" : "failed";
    expect(await op.run(run.id)).toMatchObject({ state, exitCode: code });
    await op.running(next.id);
    await op.stop("quick", { graceMs: 0 });
    await op.over(next.id);
  }
});

test("A5 the status notices by itself that a process is gone: nobody has to call anything", async () => {
  await op.makeJob("noticed", program("forever"));
  const run = await op.running((await op.start("noticed")).id);
  await wipeOut(run.id);
  const status = await until("the status says so", async () => {
    const seen = await op.status("noticed");
    return seen.running ? null : seen;
  });
  expect(status).toMatchObject({ running: false, state: "FAILED", pid: null, managedProcess: false });
});

test("C5 a reset of a live run is refused, and says which, how old, and what force would do", async () => {
  await op.makeJob("alive", program("forever"));
  const run = await op.running((await op.start("alive")).id);
  const problem = await reset("alive", 409, { reason: "it looks stuck" });
  expect(problem).toMatchObject({
    code: "RUN_ALIVE",
    details: { runId: run.id, pid: run.pid, state: "running" },
  });
  expect(problem.details.ageMs).toBeGreaterThanOrEqual(0);
  expect(problem.detail).toContain(`process ${run.pid}`);
  expect(problem.detail).toMatch(/With force: true .*SIGKILL/);
  expect(await op.run(run.id)).toMatchObject({ state: "running" });
  expect(isRunning(run.pid)).toBe(true);
});

test("C5 C7 reset with force ends the whole tree first and never just forgets it", async () => {
  await op.makeJob("forced", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
  const run = await op.startReady("forced");
  const answer = await reset("forced", 202, { force: true, reason: "really stuck" });
  expect(answer).toMatchObject({ done: "stopping", run: { id: run.id, state: "stopping", cause: "reset" } });
  const ended = await op.over(run.id);
  expect(ended).toMatchObject({ state: "stopped", cause: "reset", signal: "SIGKILL" });
  expect(ended.reason).toContain("really stuck");
  expect(processesOfRun(run.id)).toEqual([]);
  await op.startReady("forced");
});

test("C5 a reset decides nothing about a run that is over: what it left can still be gone on from, or cleaned", async () => {
  await op.makeJob("left", program("forever"), { checkpoint: "left.json" });
  const run = await op.running((await op.start("left")).id);
  writeFileSync(join(op.cwd, "left.json"), '{"page":9}');
  await wipeOut(run.id);
  const ended = await op.over(run.id);
  expect(ended).toMatchObject({ state: "interrupted", unsettled: true });
  for (const body of [{}, { force: true, reason: "just to be sure" }])
    expect(await reset("left", 200, body)).toMatchObject({ done: "nothing", run: { id: run.id } });
  expect(await op.run(run.id)).toMatchObject({
    state: "interrupted",
    unsettled: true,
    reason: ended.reason,
    verdict: "resumable",
  });
  expect(readFileSync(join(op.cwd, "left.json"), "utf8")).toBe('{"page":9}');
  expect((await op.call("GET", "/api/v1/stuck?job=left", 200)).items).toMatchObject([
    { run: { id: run.id }, category: "resumable" },
  ]);

  const next = await op.running((await op.start("left")).id);
  expect(next).toMatchObject({ parentRunId: run.id, lineageId: run.lineageId });
  // The one that lives needs force; ended that way it was ended on purpose, and nobody has to decide about it.
  expect(await reset("left", 409)).toMatchObject({ code: "RUN_ALIVE", details: { runId: next.id } });
  await reset("left", 202, { force: true });
  expect(await op.over(next.id)).toMatchObject({ state: "stopped", cause: "reset", unsettled: false });
  expect(await op.run(run.id)).toMatchObject({ state: "interrupted", unsettled: false });
});

test("C7 reset without force of a run whose processes are gone proves it, gives it its true end, and the job can be started", async () => {
  await op.makeJob("dead", program("forever"));
  const run = await op.running((await op.start("dead")).id);
  await wipeOut(run.id);
  const answer = await reset("dead", 200);
  expect(["recovered", "nothing"]).toContain(answer.done);
  expect(answer.run).toMatchObject({ id: run.id, state: "interrupted", cause: "launcher_killed" });
  await op.running((await op.start("dead")).id);
});

test("a reset of a run that ends already is refused; with force it ends at once, for its first cause", async () => {
  await op.makeJob("ending", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
  const run = await op.startReady("ending");
  await op.stop("ending");
  expect(await reset("ending", 409)).toMatchObject({ code: "RUN_ALIVE", details: { state: "stopping" } });
  await reset("ending", 202, { force: true });
  expect(await op.over(run.id)).toMatchObject({ state: "stopped", cause: "stop" });
});

test("a reset takes a waiting run out of the queue: nothing of it exists", async () => {
  await op.runningJob("holder", program("forever"), { locks: ["one"] });
  await op.makeJob("queued", program("forever"), { locks: ["one"] });
  const { id } = await op.start("queued");
  const answer = await reset("queued", 200);
  expect(answer).toMatchObject({ done: "cancelled", run: { id, state: "stopped", cause: "reset" } });
});

test("D5 a reset of an idle job says that there was nothing to do, and removes a stale pid file", async () => {
  const file = join(op.cwd, "idle.pid");
  await op.makeJob("idle", program("forever"), { pidFile: "idle.pid" });
  expect(await reset("idle", 200)).toMatchObject({ done: "nothing", run: null, pidFile: "none" });
  writeFileSync(file, "rubbish");
  expect(await reset("idle", 200)).toMatchObject({ done: "nothing", pidFile: "removed" });
  expect(existsSync(file)).toBe(false);
});

test("D5 a reset leaves a program that runs outside Unstuck alone, and with force ends it", async () => {
  const file = join(op.cwd, "outside.pid");
  await op.makeJob("outside", program("forever"), { pidFile: "outside.pid" });
  const child = await startByHand(file);
  expect(await reset("outside", 409)).toMatchObject({ code: "FOREIGN_PROCESS" });
  expect(isRunning(child.pid)).toBe(true);
  const answer = await reset("outside", 202, { force: true });
  expect(answer).toMatchObject({ done: "stopping", foreign: { pid: child.pid } });
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  await until("its pid file is gone", () => !existsSync(file));
});

test("when the file's time cannot be trusted nobody is started beside it and nobody signalled; force removes the file", async () => {
  const file = join(op.cwd, "doubt.pid");
  await op.makeJob("doubt", program("forever"), { pidFile: "doubt.pid" });
  const child = startChild("sleep", ["3600"]);
  writeFileSync(file, `${child.pid}\n`);
  const tomorrow = new Date(Date.now() + 86_400_000);
  utimesSync(file, tomorrow, tomorrow);
  expect(await op.status("doubt")).toMatchObject({
    running: false,
    pidFileDetected: true,
    pid: null,
    foreign: { pid: child.pid, certain: false },
  });
  expect(await op.call("POST", "/api/v1/jobs/doubt/start", 409)).toMatchObject({ code: "FOREIGN_PROCESS" });
  expect(await op.call("POST", "/api/v1/jobs/doubt/stop", 409)).toMatchObject({ code: "FOREIGN_PROCESS" });
  expect(await reset("doubt", 409)).toMatchObject({ code: "FOREIGN_PROCESS" });
  expect(await reset("doubt", 200, { force: true })).toMatchObject({ pidFile: "removed", foreign: null });
  expect(isRunning(child.pid)).toBe(true);
  await endChild(child);
  await op.running((await op.start("doubt")).id);
});

test("a reset asks for a job that exists and a body that is understood", async () => {
  expect((await server.api("POST", "/api/v1/jobs/nobody/reset")).body.code).toBe("JOB_NOT_FOUND");
  await op.makeJob("strict", program("forever"));
  expect((await server.api("POST", "/api/v1/jobs/strict/reset", { froce: true })).body.code).toBe(
    "INVALID_INPUT",
  );
});

test("A3 a run that was adopted after a restart of the dashboard is looked at in the same way", async () => {
  const mine = await startServer();
  const at = operator(mine);
  await at.makeJob("adopted", program("forever"));
  const run = await at.running((await at.start("adopted")).id);
  await mine.kill();
  const next = await startServer({ dataDir: mine.dataDir });
  const after = operator(next);
  expect(await after.run(run.id)).toMatchObject({ state: "running" });
  await wipeOut(run.id);
  const second = await after.start("adopted");
  expect(await after.run(run.id)).toMatchObject({ state: "interrupted" });
  await after.running(second.id);
  await after.endAll();
});
