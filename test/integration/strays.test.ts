import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { RemovePidFilesAnswer, StopStrayAnswer, StraysAnswer } from "@/lib/contracts/stray";
import { linuxProcesses } from "@/lib/supervisor/processes/linux";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { isRunning, kill as killProcess, launcherOf, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

let running: { server: TestServer; op: Operator }[] = [];

async function dashboard(dataDir?: string) {
  const server = await startServer(dataDir === undefined ? {} : { dataDir });
  const one = { server, op: operator(server) };
  running.push(one);
  return one;
}

async function kill({ server }: { server: TestServer }): Promise<void> {
  await server.kill();
  running = running.filter((one) => one.server !== server);
}

afterEach(async () => {
  for (const { op } of running) await op.endAll();
  for (const one of [...running]) await kill(one);
});
afterAll(cleanUp);

type Jobs = Record<string, { argv: string[]; more?: Record<string, unknown> }>;

/** A dashboard whose database is a backup from before its runs were started. @returns it, and those runs as they were */
async function restored(
  jobs: Jobs,
): Promise<{ server: TestServer; op: Operator; runs: Record<string, Answer> }> {
  const first = await dashboard();
  const { dataDir } = first.server;
  const backup = join(newDataDir(), "unstuck.db");
  for (const [id, { argv, more }] of Object.entries(jobs)) await first.op.makeJob(id, argv, more);
  inDatabase(dataDir, (database) => database.prepare("VACUUM INTO ?").run(backup));
  const runs: Record<string, Answer> = {};
  for (const id of Object.keys(jobs)) runs[id] = await first.op.running((await first.op.start(id)).id);
  await kill(first);
  for (const name of readdirSync(dataDir)) if (name.startsWith("unstuck.db")) rmSync(join(dataDir, name));
  cpSync(backup, join(dataDir, "unstuck.db"));
  const next = await dashboard(dataDir);
  // Older than what the folder has seen since: nothing begins before a person has looked at it.
  expect((await next.server.api("GET", "/health")).body).toMatchObject({ folder: "unconfirmed" });
  await next.op.call("POST", "/api/v1/folder/confirm", 200, { reason: "restored from a backup" });
  return { ...next, runs };
}

const strays = async (op: Operator): Promise<Answer> =>
  StraysAnswer.parse(await op.call("GET", "/api/v1/strays", 200));
const adopt = (op: Operator, id: string, status = 202, body?: unknown): Promise<Answer> =>
  op.call("POST", `/api/v1/strays/${id}/adopt`, status, body);
const stop = (op: Operator, id: string, status = 202, body?: unknown): Promise<Answer> =>
  op.call("POST", `/api/v1/strays/${id}/stop`, status, body);

async function strayOf(op: Operator, runId: string): Promise<Answer> {
  const { items } = await strays(op);
  const found = items.find((stray: Answer) => stray.run === runId);
  expect(found, `a stray of ${runId} in ${JSON.stringify(items)}`).toBeDefined();
  return found;
}

function audits(dataDir: string, action: string): Answer[] {
  return inDatabase(dataDir, (database) =>
    database.prepare('SELECT * FROM "Audit" WHERE "action" = ? ORDER BY "id"').all(action),
  );
}

test("D5 what a restored backup does not know is listed and ended with everything it started, and nobody else's processes are touched", async () => {
  const other = await dashboard();
  const theirs = await other.op.runningJob("theirs", program("forever"));
  const { server, op, runs } = await restored({
    lost: { argv: program("double-forks"), more: { timeouts: { stopGraceMs: 500 } } },
  });
  const run = runs.lost;
  await until("all its processes are there", () => processesOfRun(run.id).length >= 4);

  const { items } = await strays(op);
  expect(items).toHaveLength(1);
  const [stray] = items;
  expect(stray).toMatchObject({ run: run.id, runState: null, job: "lost", pid: run.pid, stopping: false });
  expect(stray.processes).toBe(processesOfRun(run.id).length);
  expect(stray.can).toEqual(["adopt", "stop"]);
  expect(stray.sentence).toMatch(/the database does not know.*backup was restored/);
  // Their own dashboard knows its run: it has no strays, and neither does ours see it.
  expect((await strays(other.op)).items).toEqual([]);

  // A number that has a new owner since it was shown is nobody we know.
  const [pid, ticks] = stray.id.split("-");
  expect(await stop(op, `${pid}-${Number(ticks) + 1}`, 404)).toMatchObject({ code: "STRAY_NOT_FOUND" });
  const { startTicks } = linuxProcesses().read(theirs.pid) ?? { startTicks: 0 };
  expect(await stop(op, `${theirs.pid}-${startTicks}`, 404)).toMatchObject({ code: "STRAY_NOT_FOUND" });
  expect(isRunning(run.pid)).toBe(true);

  const told = StopStrayAnswer.parse(await stop(op, stray.id, 202, { reason: "left over" }));
  expect(told.stray).toMatchObject({ id: stray.id, stopping: true, can: ["stop"] });
  // Asked again it goes on, until nothing is left to be asked about.
  const again = await server.api("POST", `/api/v1/strays/${stray.id}/stop`, { force: true });
  expect([202, 404]).toContain(again.status);
  await until("nothing of it is left", () => processesOfRun(run.id).length === 0);
  await until("it is no longer listed", async () => (await strays(op)).items.length === 0);
  expect(isRunning(theirs.pid)).toBe(true);
  expect(await other.op.run(theirs.id)).toMatchObject({ state: "running", pid: theirs.pid });
  expect(audits(server.dataDir, "stray.stop_requested")[0]).toMatchObject({
    jobId: "lost",
    runId: run.id,
    reason: "left over",
  });
});

test("A3 B2 an adopted stray is a run like any other: exit code, log and lock are its own, whether or not its launcher lives", async () => {
  const fifos = newDataDir();
  const whole = makeFifo(join(fifos, "whole"));
  const bare = makeFifo(join(fifos, "bare"));
  const { op, runs } = await restored({
    whole: { argv: ["sh", "-c", `echo begun; read -r code <"$0"; echo told; exit "$code"`, whole] },
    bare: { argv: program("exits-when-told", bare) },
    busy: { argv: program("forever") },
  });
  killProcess(launcherOf(runs.bare), "SIGKILL");

  // Its job runs again since, because the database knew of nothing that speaks against it.
  const newer = await op.running((await op.start("busy")).id);
  const inTheWay = await strayOf(op, runs.busy.id);
  expect(inTheWay.can).toEqual(["stop"]);
  expect(inTheWay.sentence).toContain(newer.id);
  const refused = await adopt(op, inTheWay.id, 409);
  expect(refused).toMatchObject({ code: "STRAY_REFUSED" });
  expect(refused.detail).toContain(newer.id);
  await stop(op, inTheWay.id, 202, { force: true });
  await until("the older one is gone", () => processesOfRun(runs.busy.id).length === 0);
  expect(isRunning(newer.pid)).toBe(true);

  const stray = await strayOf(op, runs.whole.id);
  expect(stray.sentence).toMatch(/its exit code will be known/);
  const { run } = await adopt(op, stray.id, 202, { reason: "it is ours" });
  expect(run).toMatchObject({ state: "running", trigger: "adopt", pid: runs.whole.pid, job: "whole" });
  expect(run.id).not.toBe(runs.whole.id);
  expect(await adopt(op, stray.id, 404)).toMatchObject({ code: "STRAY_NOT_FOUND" });
  await op.call("POST", "/api/v1/jobs/whole/start", 409);
  await tell(whole, 7);
  expect(await op.over(run.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 7 });
  expect(await op.log(run.id)).toBe("begun\ntold\n");
  expect((await op.events(run.id))[0]).toMatchObject({ type: "stray_adopted" });

  const orphan = await strayOf(op, runs.bare.id);
  expect(orphan.sentence).toMatch(/its exit code will not be known/);
  const adopted = (await adopt(op, orphan.id)).run;
  await tell(bare, 0);
  const ended = await op.over(adopted.id);
  expect(ended).toMatchObject({ state: "interrupted", cause: "exit_unknown", exitCode: null });
});

test("A3 B2 D5 what outlived a run that is over is adopted, found again after a restart of the dashboard, and stopped", async () => {
  const first = await dashboard();
  const { dataDir } = first.server;
  await first.op.makeJob("escaped", program("double-forks"), { timeouts: { stopGraceMs: 300 } });
  const run = await first.op.startReady("escaped");
  await kill(first);
  // As if an earlier version had taken it for dead.
  inDatabase(dataDir, (database) => {
    database.prepare('UPDATE "Lock" SET "runId" = NULL, "acquiredAt" = NULL').run();
    database
      .prepare(
        `UPDATE "Run" SET "state" = 'interrupted', "cause" = 'exit_unknown', "activeKey" = NULL,
          "endedAt" = "startedAt", "unsettled" = true WHERE "id" = ?`,
      )
      .run(run.id);
  });
  const second = await dashboard(dataDir);
  const stray = await strayOf(second.op, run.id);
  expect(stray).toMatchObject({ runState: "interrupted", job: "escaped", can: ["adopt", "stop"] });
  expect(stray.sentence).toMatch(/is interrupted, and yet \d+ processes of it live/);
  const adopted = (await adopt(second.op, stray.id)).run;
  expect(adopted).toMatchObject({ state: "running", pid: run.pid, parentRunId: run.id, lineageId: run.id });
  expect(await second.op.run(run.id)).toMatchObject({ state: "interrupted", unsettled: false });
  await kill(second);

  const third = await dashboard(dataDir);
  expect(await third.op.run(adopted.id)).toMatchObject({ state: "running", pid: run.pid });
  expect((await strays(third.op)).items).toEqual([]);
  expect(isRunning(run.pid)).toBe(true);
  await third.op.stop("escaped");
  expect(await third.op.over(adopted.id)).toMatchObject({ state: "stopped", cause: "stop" });
  expect(processesOfRun(run.id)).toEqual([]);
  expect(audits(dataDir, "stray.adopted")).toMatchObject([{ jobId: "escaped", runId: adopted.id }]);
});

test("D5 stale pid files are listed and removed; one that names somebody, and any other file, stays", async () => {
  const { op, server } = await dashboard();
  const pidFile = join(op.cwd, "stale.pid");
  await op.makeJob("stale", program("forever"), { pidFile: "stale.pid" });
  const run = await op.runningJob("taken", program("forever"), { pidFile: "taken.pid" });
  const taken = join(op.cwd, "taken.pid");
  await until("its pid file is there", () => existsSync(taken));
  writeFileSync(pidFile, "4194303\n");
  const { pidFiles } = await until("it is listed", async () => {
    const seen = await strays(op);
    return seen.pidFiles.length > 0 ? seen : null;
  });
  expect(pidFiles).toEqual([
    { job: "stale", path: pidFile, pid: 4_194_303, why: "there is no such process" },
  ]);
  const other = join(server.dataDir, "unstuck.db");
  const body = { paths: [pidFile, taken, other], reason: "tidying" };
  const answer = await op.call("POST", "/api/v1/strays/pid-files/remove", 200, body);
  expect(RemovePidFilesAnswer.parse(answer)).toEqual({
    removed: [pidFile],
    kept: [
      { path: taken, why: `it names process ${run.pid} of ${run.id}` },
      { path: other, why: "it is no job's pid file" },
    ],
  });
  expect([existsSync(pidFile), existsSync(taken), existsSync(other)]).toEqual([false, true, true]);
  expect(audits(server.dataDir, "pid_file.remove_requested")).toHaveLength(1);
});

test("D5 a run without a process is no stray: it is ended by itself, with the truth", async () => {
  const { op } = await dashboard();
  const run = await op.runningJob("gone", program("forever"));
  // The launcher first: it must not tell how its program ended.
  killProcess(launcherOf(run), "SIGKILL");
  killProcess(run.pid, "SIGKILL");
  expect(await op.over(run.id)).toMatchObject({ state: "interrupted", cause: "launcher_killed" });
  expect((await strays(op)).items).toEqual([]);
});
