import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChild, startChild } from "../children";
import { inDatabase } from "../doctored";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { pidIn, startByHand } from "../pid-files";
import { isRunning } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, startServer } from "../server";
import { until } from "../until";

const its = oneServer();

const fileOf = (name: string) => join(its.op.cwd, `${name}.pid`);

/** A job with a pid file of its name. */
async function singleton(name: string, argv = program("forever"), more: Record<string, unknown> = {}) {
  await its.op.makeJob(name, argv, { pidFile: `${name}.pid`, ...more });
  return fileOf(name);
}

const refused = async (job: string, status = 409) =>
  (await its.op.call("POST", `/api/v1/jobs/${job}/start`, status)) as Answer;

test("D2 D3 a program started by hand is seen behind its pid file, and a second one is refused with its name", async () => {
  const file = await singleton("by-hand");
  const child = await startByHand(file);
  const problem = await refused("by-hand");
  expect(problem).toMatchObject({
    code: "FOREIGN_PROCESS",
    details: { pid: child.pid, command: "sleep 3600" },
  });
  expect(problem.detail).toContain(`process ${child.pid} (sleep 3600)`);
  expect(await its.op.runsOf("by-hand")).toEqual([]);
  expect(await its.op.status("by-hand")).toMatchObject({
    running: true,
    state: "RUNNING",
    managedProcess: false,
    pidFileDetected: true,
    pid: child.pid,
    foreign: { pid: child.pid, command: "sleep 3600", certain: true, stopping: false },
  });
  await endChild(child);
  const run = await its.op.running((await its.op.start("by-hand")).id);
  expect(pidIn(file)).toBe(run.pid);
});

test("D4 stop ends a program started by hand with everything it started, and removes its pid file", async () => {
  const file = await singleton("stop-foreign");
  const child = await startByHand(file, "wait", "sleep 3601 & sleep 3602 & :");
  const answer = await its.op.call("POST", "/api/v1/jobs/stop-foreign/stop", 202, { reason: "by mistake" });
  expect(answer).toMatchObject({ run: null, foreign: { pid: child.pid, stopping: true } });
  await child.ended;
  await until("its pid file is gone", () => !existsSync(file));
  const status = await until("it is over", async () => {
    const seen = await its.op.status("stop-foreign");
    return seen.running ? null : seen;
  });
  expect(status).toMatchObject({ running: false, pid: null, foreign: null });
  expect((await its.server.api("POST", "/api/v1/jobs/stop-foreign/stop")).body.code).toBe("NOT_RUNNING");
});

test("a program started by hand that ignores the signal is killed after its grace", async () => {
  const file = await singleton("stubborn", program("forever"), { timeouts: { stopGraceMs: 200 } });
  const child = await startByHand(file, "while :; do sleep 1; done", "trap '' TERM");
  await its.op.call("POST", "/api/v1/jobs/stubborn/stop", 202);
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  await until("its pid file is gone", () => !existsSync(file));
});

test("CR-6.12 a stop of a program outside goes on after the dashboard was killed before the grace was over", async () => {
  const file = await singleton("survives", program("forever"), { timeouts: { stopGraceMs: 3_600_000 } });
  const child = await startByHand(file, "while :; do sleep 1; done", "trap '' TERM");
  await its.op.call("POST", "/api/v1/jobs/survives/stop", 202, { reason: "by mistake" });
  const { dataDir } = its.server;
  const stops = () =>
    inDatabase(dataDir, (database) => database.prepare('SELECT * FROM "OutsideStop"').all());
  await until("it was signalled", () => (stops() as Answer[]).some(({ signalled }) => signalled !== null));
  await its.server.kill();
  expect(isRunning(child.pid)).toBe(true);
  // The grace is over while nobody is there.
  inDatabase(dataDir, (database) => database.exec('UPDATE "OutsideStop" SET "requestedAt" = 0'));
  its.server = await startServer({ dataDir });
  its.op = operator(its.server);
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  await until("the stop is closed", () => stops().length === 0);
  expect(existsSync(file)).toBe(false);
  const audit = inDatabase(dataDir, (database) =>
    database.prepare(`SELECT * FROM "Audit" WHERE "action" LIKE 'foreign.%' AND "jobId" = 'survives'`).all(),
  ) as Answer[];
  expect(audit.map(({ action }) => action)).toEqual(["foreign.stop_requested", "foreign.stopped"]);
  expect(JSON.parse(audit[1].details)).toMatchObject({
    pid: child.pid,
    outcome: "killed",
    askedBy: "operator",
  });
});

test("a stranger who got the number after the file was written is neither believed nor signalled", async () => {
  const file = await singleton("stranger");
  const stranger = startChild("sleep", ["3600"]);
  writeFileSync(file, `${stranger.pid}\n`);
  const minuteAgo = new Date(Date.now() - 60_000);
  utimesSync(file, minuteAgo, minuteAgo);
  expect(await its.op.status("stranger")).toMatchObject({
    running: false,
    pidFileDetected: false,
    pid: null,
  });
  expect((await its.server.api("POST", "/api/v1/jobs/stranger/stop")).body.code).toBe("NOT_RUNNING");
  const run = await its.op.running((await its.op.start("stranger")).id);
  expect(pidIn(file)).toBe(run.pid);
  await its.op.stop("stranger");
  await its.op.over(run.id);
  expect(isRunning(stranger.pid)).toBe(true);
  await endChild(stranger);
});

test("a pid with CRLF, or with other words behind it, is a pid", async () => {
  const child = startChild("sleep", ["3600"]);
  for (const [name, text] of [
    ["crlf", `${child.pid}\r\n`],
    ["host", `${child.pid} host.example\nmore\n`],
    ["bare", `${child.pid}`],
  ] as const) {
    writeFileSync(await singleton(name), text);
    expect((await refused(name)).details).toMatchObject({ pid: child.pid });
  }
  await endChild(child);
});

test("a program started by hand between the check and the launch makes the start fail, not the program run twice", async () => {
  const fifo = makeFifo(join(its.op.cwd, "late-fifo"));
  await its.op.runningJob("holds", program("exits-when-told", fifo), { locks: ["late"] });
  const file = await singleton("late", program("forever"), { locks: ["late"] });
  const { id } = await its.op.start("late");
  await its.op.runThat(id, "waits", ({ waitingFor }) => waitingFor !== null);
  const child = await startByHand(file);
  await tell(fifo, 0);
  const run = await its.op.over(id);
  expect(run).toMatchObject({ state: "failed", cause: "launch_failed" });
  expect(run.reason).toContain(`process ${child.pid}`);
  expect(pidIn(file)).toBe(child.pid);
  await endChild(child);
});
