import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { ResetAnswer, StopAnswer } from "@/lib/contracts/actions";
import { DoctorAnswer } from "@/lib/contracts/doctor";
import { LockPage } from "@/lib/contracts/lock";
import { PrecheckView } from "@/lib/contracts/precheck";
import { RunAnswer, RunPage } from "@/lib/contracts/run";
import { StatusAnswer, StatusView } from "@/lib/contracts/status";
import { type Cli, inTerminal, unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  // Whatever the umask leaves open, the socket must not be.
  server = await startServer({ through: ["sh", "-c", 'umask 0; exec "$@"', "sh"] });
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const cli = (...args: string[]) => unstuck({ socketOf: server.dataDir }, args, { cwd: op.cwd });

/** What it prints when all goes well. */
async function printed(...args: string[]): Promise<string> {
  const called = cli(...args);
  const ended = await called.ended;
  expect(ended, `${args.join(" ")}: ${called.output()}`).toMatchObject({ code: 0 });
  return called.out();
}

async function json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(await printed(...args, "--json")));
}

const says = (called: Cli, text: string) =>
  until(
    () => `it says ${text}; it said ${called.output()}`,
    () => called.output().includes(text),
  );

test("the socket is its owner's alone whatever the umask is, and who comes by it is the owner in the history", async () => {
  const { mode, uid } = lstatSync(join(server.dataDir, "unstuck.sock"));
  expect(mode & 0o777).toBe(0o600);
  expect(uid).toBe(process.getuid?.());
  await op.makeJob("mine", program("exits-with", 0));
  const { run } = await json(RunAnswer, "start", "mine", "--wait-over", "--reason", "by hand");
  expect(run).toMatchObject({ state: "completed", actor: "owner" });
});

test("a run is not handed the socket, through which it could do everything", async () => {
  await op.makeJob("env", program("prints-environment"));
  const { id } = await op.over((await op.start("env")).id);
  const log = String(await op.log(id));
  expect(log).toContain(`UNSTUCK_RUN_ID=${id}`);
  expect(log).not.toContain("UNSTUCK_SOCKET");
});

test("D4 start, status, stop, restart, resume and reset do by a terminal what the API does, and say so", async () => {
  await op.makeJob("day", program("forever"));
  expect(await printed("start", "day", "--wait")).toMatch(/^run_\w{20} running \(pid \d+\)\n$/);
  expect(await printed("status")).toMatch(/^JOB +STATE .*\nday +running/);
  expect(await printed("status", "day")).toMatch(/^day {2}RUNNING\nrun +run_/);
  const again = cli("start", "day");
  expect(await again.ended).toMatchObject({ code: 75 });
  expect(again.err()).toMatch(/^unstuck: Job "day" already has a run: run_\w+ is running\. Stop it first/);
  expect(await printed("restart", "day", "--wait", "--delay", "0")).toMatch(/^run_\w{20} running/);
  expect(await printed("stop", "day", "--wait", "--grace", "0.2", "--reason", "enough")).toMatch(
    / stopped: .*enough/,
  );
  expect(await printed("runs", "--job", "day")).toMatch(
    /^RUN +JOB +STATE +BEGAN +TOOK +WHY\nrun_\w{20} {2}day {2}stopped/,
  );
  expect(await printed("reset", "day")).toMatch(/\w+.*\./);
  expect(await printed("precheck", "day")).toMatch(/^start: /);
});

test("--json is the API's answer, in the shape of its contract", async () => {
  await op.makeJob("shape", program("forever"), { locks: ["site"] });
  expect((await json(RunAnswer, "start", "shape", "--wait")).run.state).toBe("running");
  expect((await json(StatusAnswer, "status")).items.length).toBeGreaterThan(0);
  expect((await json(StatusView, "status", "shape")).running).toBe(true);
  expect((await json(RunPage, "runs", "--limit", "1")).items).toHaveLength(1);
  expect((await json(LockPage, "locks")).items.map(({ name }) => name)).toContain("site");
  expect((await json(DoctorAnswer, "doctor")).checks.length).toBeGreaterThan(8);
  expect((await json(StopAnswer, "stop", "shape", "--force", "--wait")).run?.state).toBe("stopped");
  expect((await json(ResetAnswer, "reset", "shape")).done).toBe("nothing");
  expect(
    PrecheckView.partial().parse(JSON.parse(await printed("precheck", "shape", "--json"))).precheck,
  ).toBe("start");
});

test("a refusal has its exit code and a sentence, and nothing on standard output", async () => {
  await op.makeJob("refuses", program("exits-with", 0));
  const CASES: readonly (readonly [number, RegExp, string[]])[] = [
    [64, /unknown command 'fly'/, ["fly"]],
    [64, /unknown option '--fast'/, ["start", "refuses", "--fast"]],
    [64, /missing required argument 'job'/, ["start"]],
    [64, /too many arguments/, ["status", "a", "b"]],
    [64, /number of hours/, ["precheck", "refuses", "--age-hours", "old"]],
    [64, /number from 1/, ["runs", "--limit", "0"]],
    [64, /state/, ["runs", "--state", "asleep"]],
    [64, /bash, zsh or fish/, ["completion", "tcsh"]],
    [64, /found both/, ["cleanup", "--dry-run", "--auto"]],
    [64, /Cannot ask for confirmation here.*--dry-run.*--auto/, ["cleanup"]],
    [64, /--delete --job/, ["cleanup", "--delete", "--age-hours", "1"]],
    [64, /--confirm/, ["cleanup", "--delete", "--job", "refuses", "--age-hours", "1", "--auto"]],
    [66, /no job "nobody"/, ["start", "nobody"]],
    [66, /no job "nobody"/, ["log", "nobody"]],
    [66, /has no run yet/, ["log", "refuses"]],
    [70, /is not running/, ["stop", "refuses"]],
  ];
  for (const [code, says, args] of CASES) {
    const called = cli(...args);
    expect(await called.ended, args.join(" ")).toMatchObject({ code });
    expect(called.err()).toMatch(says);
    expect(called.out()).toBe("");
  }
});

test("a dashboard that is down is 69 with what to do, and doctor tells what can be seen without it", async () => {
  const empty = newDataDir();
  const down = (...args: string[]) => unstuck({ socketOf: empty }, args, { cwd: op.cwd });
  const status = down("status");
  expect(await status.ended).toMatchObject({ code: 69 });
  expect(status.err()).toMatch(
    /cannot be reached .*Nothing was changed\. Start it, or say where it is with --data/,
  );
  const doctor = down("doctor", "--json");
  expect(await doctor.ended).toMatchObject({ code: 1 });
  const { checks } = DoctorAnswer.parse(JSON.parse(doctor.out()));
  expect(checks.find(({ id }) => id === "dashboard")).toMatchObject({
    status: "fail",
    fix: expect.stringMatching(/Start it/),
  });
  expect(checks.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["node", "data-folder", "database", "disk", "clock", "systemd", "init"]),
  );
});

test("tables fit 80 columns, and colours are for terminals only", async () => {
  const long = `a-name-of-${"x".repeat(50)}`;
  await op.makeJob(long, program("exits-with", 0), { title: "書".repeat(40) });
  await printed("start", long, "--wait-over", "--reason", "y".repeat(300));
  for (const args of [["status"], ["runs"], ["doctor"], ["locks"], ["--help"]]) {
    const text = await printed(...args);
    expect(text).not.toContain("\x1b");
    // A path is never broken, so that it can be copied.
    const lines = text.split("\n").filter((line) => !line.includes(server.dataDir));
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  }
  const place = { socketOf: server.dataDir };
  const coloured = inTerminal(place, "exec $UNSTUCK runs", {
    cwd: op.cwd,
    env: { TERM: "xterm", NO_COLOR: "" },
  });
  await coloured.ended;
  expect(coloured.output()).toContain("\x1b[32mcompleted\x1b[39m");
  for (const line of [
    "NO_COLOR=1 exec $UNSTUCK runs",
    "exec $UNSTUCK runs --no-color",
    "TERM=dumb exec $UNSTUCK runs",
  ]) {
    const plain = inTerminal(place, line, { cwd: op.cwd, env: { TERM: "xterm", NO_COLOR: "" } });
    await plain.ended;
    expect(plain.output()).toContain("completed");
    expect(stripVTControlCharacters(plain.output())).toBe(plain.output());
  }
});

test("log shows the end of a log, all of it, or follows it until the run is over", async () => {
  const fifo = makeFifo(join(op.cwd, "log-fifo"));
  const script = `for i in 1 2 3; do echo line $i; done; read -r _ <${fifo}; echo the end`;
  await op.makeJob("writes", ["sh", "-c", script]);
  const { id } = await op.start("writes");
  await until("it has written", async () => String(await op.log(id)).includes("line 3"));
  expect(await printed("log", "writes", "-n", "2")).toBe("line 2\nline 3\n");
  expect(await printed("log", id, "-n", "all")).toBe("line 1\nline 2\nline 3\n");
  expect(await printed("log", id, "-n", "0")).toBe("");
  expect(JSON.parse(await printed("log", id, "--json"))).toMatchObject({
    run: id,
    offset: 0,
    text: "line 1\nline 2\nline 3\n",
  });
  const following = cli("log", "-f", "writes", "-n", "1");
  await says(following, "line 3");
  await tell(fifo, "go");
  expect(await following.ended).toMatchObject({ code: 0 });
  expect(following.out()).toBe("line 3\nthe end\n");
});

test("a follower of a log lives through a kill -9 of the dashboard, and its socket is replaced by the next one's", async () => {
  const mine = await startServer();
  const at = operator(mine);
  const fifo = makeFifo(join(at.cwd, "fifo"));
  const { id } = await at.runningJob("lives", [
    "sh",
    "-c",
    `echo before; read -r _ <${fifo}; echo after; exit 3`,
  ]);
  await until("it has written", async () => String(await at.log(id)).includes("before"));
  const following = unstuck({ socketOf: mine.dataDir }, ["log", "-f", id], { cwd: at.cwd });
  await says(following, "before");
  await mine.kill();
  const socket = join(mine.dataDir, "unstuck.sock");
  const stale = lstatSync(socket).ino;
  const status = unstuck({ socketOf: mine.dataDir }, ["status"], { cwd: at.cwd });
  expect(await status.ended).toMatchObject({ code: 69 });
  const next = await startServer({ dataDir: mine.dataDir });
  await tell(fifo, "go");
  expect(await following.ended).toMatchObject({ code: 0 });
  expect(following.out()).toBe("before\nafter\n");
  expect(lstatSync(socket).isSocket()).toBe(true);
  expect(lstatSync(socket).ino).not.toBe(stale);
  expect(await next.stop()).toBe(0);
  expect(existsSync(socket)).toBe(false);
});

test("a second dashboard on the same folder leaves the first one's socket alone", async () => {
  const socket = join(server.dataDir, "unstuck.sock");
  const { ino } = lstatSync(socket);
  const second = await startServer({ dataDir: server.dataDir, ready: false });
  await until(
    "it has found the folder in use",
    async () => (await fetch(`${second.origin}/health`)).status === 503,
  );
  await second.stop();
  expect(lstatSync(socket).ino).toBe(ino);
  expect(await printed("status")).toMatch(/^(JOB|There are no jobs)/);
});

test("a folder whose path is too long for a socket is told in the log, and reached by the address of who holds it", async () => {
  const dataDir = join(newDataDir(), "d".repeat(110));
  mkdirSync(dataDir);
  const far = await startServer({ dataDir });
  expect(far.output()).toMatch(/has \d+ bytes, and a socket's may have 107.*socket\.unavailable/);
  const status = unstuck({ socketOf: dataDir }, ["status"], { cwd: op.cwd });
  expect(await status.ended).toMatchObject({ code: 0 });
  expect(status.out()).toBe("There are no jobs yet.\n");
  await far.stop();
});

test("the command works by a link to it, from any folder", async () => {
  const link = join(op.cwd, "unstuck");
  symlinkSync(join(import.meta.dirname, "../../cli/unstuck.mjs"), link);
  const output = execFileSync(link, ["status", "--data", server.dataDir], { cwd: "/", encoding: "utf8" });
  expect(output).toMatch(/^(JOB|There are no jobs)/);
});

test("completion scripts are understood by their shells, and never run what is being typed", async () => {
  await op.makeJob("nightly", program("exits-with", 0));
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = await printed("completion", shell);
    if (has(shell)) execFileSync(shell, ["-n"], { input: script });
  }
  expect(await printed("__complete", "st")).toMatch(/^status\t.*\nstart\t.*\nstop\t.*\nstuck\t/);
  expect(await printed("__complete", "start", "ni")).toBe("nightly\tnightly\n");
  expect(await printed("__complete", "runs", "--st")).toMatch(/^--state\t/);
  expect(await printed("__complete", "runs", "--state", "comp")).toBe("completed\t\n");
  const marker = join(op.cwd, "must-not-be");
  const line = `source <($UNSTUCK completion bash); unstuck() { $UNSTUCK "$@"; }; COMP_WORDS=(unstuck start '$(touch ${marker})' ni); COMP_CWORD=1; COMP_WORDS=(unstuck start ni); COMP_CWORD=2; _unstuck; echo "reply \${COMPREPLY[*]}"; COMP_WORDS=(unstuck start '$(touch ${marker})'); _unstuck; echo "none \${#COMPREPLY[@]}"`;
  const called = inTerminal({ socketOf: server.dataDir }, `exec bash -c '${line.replaceAll("'", "'\\''")}'`, {
    cwd: op.cwd,
  });
  await called.ended;
  expect(called.output()).toMatch(/reply nightly\r?\nnone 0/);
  expect(existsSync(marker)).toBe(false);
});

function has(shell: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${shell}`]);
    return true;
  } catch {
    return false;
  }
}
