import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endChild } from "../children";
import { oneServer } from "../one-server";
import { operator } from "../operator";
import { pidIn, startByHand } from "../pid-files";
import { processesOfRun } from "../processes";
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

test("D1 the pid file names the program while it runs, for everybody to read, and is gone when it is over", async () => {
  const file = await singleton("written");
  const run = await its.op.running((await its.op.start("written")).id);
  expect(readFileSync(file, "utf8")).toBe(`${run.pid}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(await its.op.status("written")).toMatchObject({
    running: true,
    managedProcess: true,
    pidFileDetected: true,
    pid: run.pid,
    foreign: null,
  });
  await its.op.stop("written");
  await its.op.over(run.id);
  expect(existsSync(file)).toBe(false);
  expect(await its.op.status("written")).toMatchObject({ running: false, pidFileDetected: false, pid: null });
});

test("D1 a program that ends by itself leaves no pid file behind", async () => {
  const file = await singleton("short", program("exits-with", 3));
  await its.op.over((await its.op.start("short")).id);
  expect(existsSync(file)).toBe(false);
});

test("a pid file that somebody else has written over is not removed with the run", async () => {
  const fifo = makeFifo(join(its.op.cwd, "written-over-fifo"));
  const file = await singleton("written-over", program("exits-when-told", fifo));
  const run = await its.op.running((await its.op.start("written-over")).id);
  const other = await startByHand(file);
  await tell(fifo, 0);
  await its.op.over(run.id);
  expect(pidIn(file)).toBe(other.pid);
  await endChild(other);
});

test("a pid file whose folder is missing is a clear problem at the start, and nothing is started", async () => {
  await its.op.makeJob("no-folder", program("forever"), { pidFile: "not/there/x.pid" });
  const problem = await its.op.call("POST", "/api/v1/jobs/no-folder/start", 409);
  expect(problem.code).toBe("PID_FILE_REFUSED");
  expect(problem.detail).toContain(`its folder ${its.op.cwd}/not/there is not there`);
  expect(await its.op.runsOf("no-folder")).toEqual([]);
});

test("two jobs with one pid file never run at once: the second waits for the first, and says so", async () => {
  const fifo = makeFifo(join(its.op.cwd, "shared-fifo"));
  const file = await singleton("shares-1", program("exits-when-told", fifo), { pidFile: "shared.pid" });
  await its.op.makeJob("shares-2", program("forever"), { pidFile: `${its.op.cwd}/./shared.pid` });
  const first = await its.op.running((await its.op.start("shares-1")).id);
  const { id } = await its.op.start("shares-2");
  const waiting = await its.op.runThat(id, "waits", ({ waitingFor }) => waitingFor !== null);
  expect(waiting.waitingFor).toContain(`pidfile:${its.op.cwd}/shared.pid`);
  expect(file).toBe(fileOf("shares-1"));
  await tell(fifo, 0);
  await its.op.over(first.id);
  const second = await its.op.running(id);
  expect(pidIn(join(its.op.cwd, "shared.pid"))).toBe(second.pid);
});

test("a pid file that is removed or spoilt under a live run is put right by itself", async () => {
  const file = await singleton("tampered");
  const run = await its.op.running((await its.op.start("tampered")).id);
  rmSync(file);
  await until("it is back", () => pidIn(file) === run.pid);
  writeFileSync(file, "x");
  await until("it is right again", () => pidIn(file) === run.pid);
  await until("both are told", async () => {
    const types = (await its.op.events(run.id)).map(({ type }: Answer) => type);
    return types.includes("pid_file_restored") && types.includes("pid_file_replaced");
  });
});

test("B2 after a kill -9 of the dashboard the pid file of what lives on is right, and that of what ended is gone", async () => {
  const mine = await startServer();
  const at = operator(mine);
  const fifo = makeFifo(join(at.cwd, "fifo"));
  await at.makeJob("lives", program("forever"), { pidFile: "lives.pid" });
  await at.makeJob("ends", program("exits-when-told", fifo), { pidFile: "ends.pid" });
  const lives = await at.running((await at.start("lives")).id);
  const ends = await at.running((await at.start("ends")).id);
  await mine.kill();
  rmSync(join(at.cwd, "lives.pid"));
  await tell(fifo, 0);
  await until("it has ended", () => processesOfRun(ends.id).length === 0);
  expect(pidIn(join(at.cwd, "ends.pid"))).toBe(ends.pid);
  const next = await startServer({ dataDir: mine.dataDir });
  const after = operator(next);
  await after.over(ends.id);
  expect(existsSync(join(at.cwd, "ends.pid"))).toBe(false);
  await until("it is written again", () => pidIn(join(at.cwd, "lives.pid")) === lives.pid);
  await after.endAll();
});
