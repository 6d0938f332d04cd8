import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Child, endChild, startChild } from "../children";
import { type Operator, operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";
import { startZombie } from "../zombie";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const fileOf = (name: string) => join(op.cwd, `${name}.pid`);

/** A job with a pid file of its name. */
async function singleton(name: string, argv = program("forever"), more: Record<string, unknown> = {}) {
  await op.makeJob(name, argv, { pidFile: `${name}.pid`, ...more });
  return fileOf(name);
}

/** Somebody starts the program by hand; it writes its pid file itself. */
async function startByHand(pidFile: string, script = "exec sleep 3600"): Promise<Child> {
  const child = startChild("sh", ["-c", `echo $$ >"$0"; ${script}`, pidFile], { detached: true });
  await until("it has written its pid file", () => pidIn(pidFile) === child.pid);
  return child;
}

function pidIn(path: string): number {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return Number.NaN;
  }
}

const refused = async (job: string, status = 409) =>
  (await op.call("POST", `/api/v1/jobs/${job}/start`, status)) as Answer;

test("D1 the pid file names the program while it runs, for everybody to read, and is gone when it is over", async () => {
  const file = await singleton("written");
  const run = await op.running((await op.start("written")).id);
  expect(readFileSync(file, "utf8")).toBe(`${run.pid}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(await op.status("written")).toMatchObject({
    running: true,
    managedProcess: true,
    pidFileDetected: true,
    pid: run.pid,
    foreign: null,
  });
  await op.stop("written");
  await op.over(run.id);
  expect(existsSync(file)).toBe(false);
  expect(await op.status("written")).toMatchObject({ running: false, pidFileDetected: false, pid: null });
});

test("D1 a program that ends by itself leaves no pid file behind", async () => {
  const file = await singleton("short", program("exits-with", 3));
  await op.over((await op.start("short")).id);
  expect(existsSync(file)).toBe(false);
});

test("a pid file that somebody else has written over is not removed with the run", async () => {
  const fifo = makeFifo(join(op.cwd, "written-over-fifo"));
  const file = await singleton("written-over", program("exits-when-told", fifo));
  const run = await op.running((await op.start("written-over")).id);
  const other = await startByHand(file);
  await tell(fifo, 0);
  await op.over(run.id);
  expect(pidIn(file)).toBe(other.pid);
  await endChild(other);
});

test("D2 D3 a program started by hand is seen behind its pid file, and a second one is refused with its name", async () => {
  const file = await singleton("by-hand");
  const child = await startByHand(file);
  const problem = await refused("by-hand");
  expect(problem).toMatchObject({
    code: "FOREIGN_PROCESS",
    details: { pid: child.pid, command: "sleep 3600" },
  });
  expect(problem.detail).toContain(`process ${child.pid} (sleep 3600)`);
  expect(await op.runsOf("by-hand")).toEqual([]);
  expect(await op.status("by-hand")).toMatchObject({
    running: true,
    state: "RUNNING",
    managedProcess: false,
    pidFileDetected: true,
    pid: child.pid,
    foreign: { pid: child.pid, command: "sleep 3600", certain: true, stopping: false },
  });
  await endChild(child);
  const run = await op.running((await op.start("by-hand")).id);
  expect(pidIn(file)).toBe(run.pid);
});

test("D4 stop ends a program started by hand with everything it started, and removes its pid file", async () => {
  const file = await singleton("stop-foreign");
  const child = await startByHand(file, "sleep 3601 & sleep 3602 & wait");
  const answer = await op.call("POST", "/api/v1/jobs/stop-foreign/stop", 202, { reason: "by mistake" });
  expect(answer).toMatchObject({ run: null, foreign: { pid: child.pid, stopping: true } });
  await child.ended;
  await until("its pid file is gone", () => !existsSync(file));
  const status = await until("it is over", async () => {
    const seen = await op.status("stop-foreign");
    return seen.running ? null : seen;
  });
  expect(status).toMatchObject({ running: false, pid: null, foreign: null });
  expect((await server.api("POST", "/api/v1/jobs/stop-foreign/stop")).body.code).toBe("NOT_RUNNING");
});

test("a program started by hand that ignores the signal is killed after its grace", async () => {
  const file = await singleton("stubborn", program("forever"), { timeouts: { stopGraceMs: 200 } });
  const child = await startByHand(file, "trap '' TERM; while :; do sleep 1; done");
  await op.call("POST", "/api/v1/jobs/stubborn/stop", 202);
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  await until("its pid file is gone", () => !existsSync(file));
});

/** Everything that proves nobody is there: it is replaced, and the run says what was found. */
const STALE: readonly (readonly [string, (file: string) => unknown, string | RegExp])[] = [
  ["of a process that is gone", (file) => writeFileSync(file, `${gonePid()}\n`), "there is no such process"],
  ["with garbage", (file) => writeFileSync(file, "running!\n"), /does not begin with a pid/],
  ["with a pid that has letters on it", (file) => writeFileSync(file, `${process.pid}abc`), /does not begin/],
  ["that is empty", (file) => writeFileSync(file, ""), "it is empty"],
  ["of blanks", (file) => writeFileSync(file, " \r\n\n"), "it is empty"],
  ["that names process 0", (file) => writeFileSync(file, "0\n"), /no program's pid/],
  ["that names process 1", (file) => writeFileSync(file, "1\n"), /no program's pid/],
  ["that names process -1", (file) => writeFileSync(file, "-1\n"), /does not begin/],
  [
    "with a number no pid can be",
    (file) => writeFileSync(file, "99999999999999999999\n"),
    /no program's pid/,
  ],
  ["that names Unstuck itself", (file) => writeFileSync(file, `${server.pid}\n`), /Unstuck itself/],
  ["of NUL bytes", (file) => writeFileSync(file, Buffer.alloc(16)), /does not begin/],
  [
    "of a gigabyte",
    (file) => {
      writeFileSync(file, "4\n");
      truncateSync(file, 2 ** 30);
    },
    /1073741824 bytes/,
  ],
];

function gonePid(): number {
  return Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
}

for (const [index, [what, write, found]] of STALE.entries()) {
  test(`D1 a pid file ${what} is stale: it is replaced and the run says so`, async () => {
    const name = `stale-${index}`;
    const file = await singleton(name);
    write(file);
    expect(await op.status(name)).toMatchObject({ running: false, pidFileDetected: false });
    const run = await op.running((await op.start(name)).id);
    expect(pidIn(file)).toBe(run.pid);
    const event = await until("it is told", async () =>
      (await op.events(run.id)).find(({ type }: Answer) => type === "pid_file_replaced"),
    );
    expect(event.data.found).toMatch(found);
  });
}

test("a pid file of a process that has ended but is not yet taken note of is stale", async () => {
  const file = await singleton("zombie");
  const { pid, parent } = await startZombie();
  writeFileSync(file, `${pid}\n`);
  expect(await op.status("zombie")).toMatchObject({ running: false, pidFileDetected: false });
  await op.running((await op.start("zombie")).id);
  await endChild(parent);
});

test("a stranger who got the number after the file was written is neither believed nor signalled", async () => {
  const file = await singleton("stranger");
  const stranger = startChild("sleep", ["3600"]);
  writeFileSync(file, `${stranger.pid}\n`);
  const minuteAgo = new Date(Date.now() - 60_000);
  utimesSync(file, minuteAgo, minuteAgo);
  expect(await op.status("stranger")).toMatchObject({ running: false, pidFileDetected: false, pid: null });
  expect((await server.api("POST", "/api/v1/jobs/stranger/stop")).body.code).toBe("NOT_RUNNING");
  const run = await op.running((await op.start("stranger")).id);
  expect(pidIn(file)).toBe(run.pid);
  await op.stop("stranger");
  await op.over(run.id);
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

/** What is no plain file is left exactly as it is. */
const REFUSED: readonly (readonly [string, (file: string) => unknown])[] = [
  ["folder", (file) => mkdirSync(file)],
  ["FIFO", (file) => makeFifo(file)],
  ["link to a file", (file) => symlinkSync(withText(`${file}.target`), file)],
  ["link to nothing", (file) => symlinkSync(`${file}.nowhere`, file)],
];

function withText(path: string): string {
  writeFileSync(path, "precious\n");
  return path;
}

for (const [index, [what, make]] of REFUSED.entries()) {
  test(`a ${what} in place of the pid file is refused, and nothing is changed or started`, async () => {
    const name = `refused-${index}`;
    const file = await singleton(name);
    make(file);
    const problem = await refused(name);
    expect(problem).toMatchObject({ code: "PID_FILE_REFUSED", details: { pidFile: file } });
    expect(await op.status(name)).toMatchObject({ running: false, pidFileDetected: false });
    expect(await op.runsOf(name)).toEqual([]);
    expect(existsSync(`${file}.nowhere`)).toBe(false);
    if (existsSync(`${file}.target`)) expect(readFileSync(`${file}.target`, "utf8")).toBe("precious\n");
    rmSync(file, { recursive: true });
  });
}

test("a pid file whose folder is missing is a clear problem at the start, and nothing is started", async () => {
  await op.makeJob("no-folder", program("forever"), { pidFile: "not/there/x.pid" });
  const problem = await refused("no-folder");
  expect(problem.code).toBe("PID_FILE_REFUSED");
  expect(problem.detail).toContain(`its folder ${op.cwd}/not/there is not there`);
  expect(await op.runsOf("no-folder")).toEqual([]);
});

test("two jobs with one pid file never run at once: the second waits for the first, and says so", async () => {
  const fifo = makeFifo(join(op.cwd, "shared-fifo"));
  const file = await singleton("shares-1", program("exits-when-told", fifo), { pidFile: "shared.pid" });
  await op.makeJob("shares-2", program("forever"), { pidFile: `${op.cwd}/./shared.pid` });
  const first = await op.running((await op.start("shares-1")).id);
  const { id } = await op.start("shares-2");
  const waiting = await op.runThat(id, "waits", ({ waitingFor }) => waitingFor !== null);
  expect(waiting.waitingFor).toContain(`pidfile:${op.cwd}/shared.pid`);
  expect(file).toBe(fileOf("shares-1"));
  await tell(fifo, 0);
  await op.over(first.id);
  const second = await op.running(id);
  expect(pidIn(join(op.cwd, "shared.pid"))).toBe(second.pid);
});

test("a pid file that is removed or spoilt under a live run is put right by itself", async () => {
  const file = await singleton("tampered");
  const run = await op.running((await op.start("tampered")).id);
  rmSync(file);
  await until("it is back", () => pidIn(file) === run.pid);
  writeFileSync(file, "x");
  await until("it is right again", () => pidIn(file) === run.pid);
  const types = (await op.events(run.id)).map(({ type }: Answer) => type);
  expect(types).toContain("pid_file_restored");
  expect(types).toContain("pid_file_replaced");
});

test("a program started by hand between the check and the launch makes the start fail, not the program run twice", async () => {
  const fifo = makeFifo(join(op.cwd, "late-fifo"));
  await op.runningJob("holds", program("exits-when-told", fifo), { locks: ["late"] });
  const file = await singleton("late", program("forever"), { locks: ["late"] });
  const { id } = await op.start("late");
  await op.runThat(id, "waits", ({ waitingFor }) => waitingFor !== null);
  const child = await startByHand(file);
  await tell(fifo, 0);
  const run = await op.over(id);
  expect(run).toMatchObject({ state: "failed", cause: "launch_failed" });
  expect(run.reason).toContain(`process ${child.pid}`);
  expect(pidIn(file)).toBe(child.pid);
  await endChild(child);
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
