import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { endChild, startChild } from "../children";
import { type Cli, inTerminal, unstuck } from "../cli";
import { isOver, type Operator, operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
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

const exec = (job: string, ...argv: readonly string[]) =>
  unstuck(server, ["exec", job, "--", ...argv], { cwd: op.cwd });

/** The newest run of a job once there is one. */
const runOf = (job: string, at: Operator = op): Promise<Answer> =>
  until(`${job} has a run`, async () => (await at.runsOf(job))[0]);

async function runningByHand(job: string, at: Operator = op): Promise<Answer> {
  return at.running((await runOf(job, at)).id);
}

const says = (cli: Cli, text: string) =>
  until(
    () => `it says ${text}; it said ${cli.output()}`,
    () => cli.output().includes(text),
  );

test("exec runs a program in its terminal, with the terminal's own environment, and exits with its code", async () => {
  await op.makeJob("hand", program("forever"), { env: { FROM_JOB: "yes" } });
  const script = 'read -r line; echo "$line $FROM_JOB $MINE $UNSTUCK_JOB $PWD"; echo oops >&2; exit 7';
  const cli = unstuck(server, ["exec", "hand", "--", "sh", "-c", script], {
    cwd: op.cwd,
    env: { MINE: "too" },
  });
  cli.type("typed\n");
  expect(await cli.ended).toEqual({ code: 7, signal: null });
  await says(cli, `typed yes too hand ${op.cwd}\n`);
  expect(cli.output()).toContain("oops");
  const run = await op.over((await runOf("hand")).id);
  expect(run).toMatchObject({ state: "failed", exitCode: 7, trigger: "exec", argv: ["sh", "-c", script] });
  expect(await op.log(run.id)).toContain("goes to that terminal");
});

test("exec tells a signal that ended the program as 128 + its number", async () => {
  await op.makeJob("crashes", program("forever"));
  expect(await exec("crashes", "sh", "-c", "kill -SEGV $$").ended).toMatchObject({ code: 128 + 11 });
  expect(await op.over((await runOf("crashes")).id)).toMatchObject({ state: "failed", signal: "SIGSEGV" });
});

test("a program that cannot be found ends as the shell has it, 127", async () => {
  await op.makeJob("absent", program("forever"));
  expect(await exec("absent", "no-such-program-anywhere").ended).toMatchObject({ code: 127 });
});

test("D2 while a program runs by hand a start and a second exec are refused, and the dashboard knows its process", async () => {
  await op.makeJob("double", program("forever"), { pidFile: "double.pid" });
  const cli = exec("double", "sleep", "3600");
  const run = await runningByHand("double");
  expect(await op.status("double")).toMatchObject({ running: true, managedProcess: true, pid: run.pid });
  expect(readFileSync(join(op.cwd, "double.pid"), "utf8")).toBe(`${run.pid}\n`);
  const start = await server.api("POST", "/api/v1/jobs/double/start");
  expect(start.body).toMatchObject({ code: "RUN_ALREADY_ACTIVE", details: { runId: run.id } });
  const second = exec("double", "sleep", "3600");
  expect(await second.ended).toMatchObject({ code: 75 });
  expect(second.output()).toContain(run.id);
  expect(await op.runsOf("double")).toHaveLength(1);
  await op.stop("double");
  expect(await cli.ended).toMatchObject({ code: 128 + 15 });
  expect(await op.over(run.id)).toMatchObject({ state: "stopped", signal: "SIGTERM" });
  expect(existsSync(join(op.cwd, "double.pid"))).toBe(false);
});

test("exec is refused while the program runs outside Unstuck", async () => {
  await op.makeJob("outside", program("forever"), { pidFile: "outside.pid" });
  const child = startChild("sh", ["-c", "echo $$ >outside.pid; exec sleep 3600"], { cwd: op.cwd });
  await until("its pid file is there", () => existsSync(join(op.cwd, "outside.pid")));
  const cli = exec("outside", "true");
  expect(await cli.ended).toMatchObject({ code: 75 });
  expect(cli.output()).toContain(`process ${child.pid}`);
  await endChild(child);
});

test("Ctrl-C reaches the program, and exec tells how the program took it", async () => {
  await op.makeJob("ctrl-c", program("forever"));
  const line = `exec $UNSTUCK exec ctrl-c -- sh -c 'trap "echo caught; exit 42" INT; echo waiting; while :; do sleep 0.1; done'`;
  const cli = inTerminal(server, line, { cwd: op.cwd });
  await says(cli, "waiting");
  const { id } = await runningByHand("ctrl-c");
  cli.type("\x03");
  await says(cli, "caught");
  expect(await cli.ended).toMatchObject({ code: 42 });
  expect(await op.over(id)).toMatchObject({ state: "failed", exitCode: 42 });
});

test("Ctrl-C that the program does not handle ends it: 130, and the run was interrupted from outside", async () => {
  await op.makeJob("plain-c", program("forever"));
  const cli = inTerminal(server, "exec $UNSTUCK exec plain-c -- sh -c 'echo waiting; exec sleep 3600'", {
    cwd: op.cwd,
  });
  await says(cli, "waiting");
  const { id } = await runningByHand("plain-c");
  cli.type("\x03");
  expect(await cli.ended).toMatchObject({ code: 130 });
  expect(await op.over(id)).toMatchObject({ state: "interrupted", signal: "SIGINT" });
});

test("a stop ends all that was run by hand, and nobody else in that terminal", async () => {
  await op.makeJob("polite", program("forever"), { timeouts: { stopGraceMs: 300 } });
  const line =
    "sleep 3611 & by=$!; echo bystander $by; $UNSTUCK exec polite -- sh -c 'trap \"\" TERM; sleep 3612 & setsid sleep 3613 & echo waiting; wait; sleep 3614'; echo left with $?; read -r go; kill $by; wait";
  const cli = inTerminal(server, line, { cwd: op.cwd });
  await says(cli, "waiting");
  const { id } = await runningByHand("polite");
  const bystander = Number(/bystander (\d+)/.exec(cli.output())?.[1]);
  await op.stop("polite");
  expect(await op.over(id)).toMatchObject({ state: "stopped", signal: "SIGKILL" });
  expect(processesOfRun(id)).toEqual([]);
  await says(cli, "left with 137");
  expect(bystander).toBeGreaterThan(1);
  expect(isRunning(bystander)).toBe(true);
  cli.type("\n");
  await cli.ended;
});

test("SIGTERM to exec itself is passed on to its program", async () => {
  await op.makeJob("passed-on", program("forever"));
  const cli = exec("passed-on", "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done");
  await says(cli, "ready");
  const { id } = await runningByHand("passed-on");
  cli.process.kill("SIGTERM");
  expect(await cli.ended).toMatchObject({ code: 5 });
  await op.over(id);
});

test("without the dashboard nothing is run: 69, with what to do", async () => {
  const marker = join(op.cwd, "must-not-be");
  const cli = unstuck({ origin: "http://127.0.0.1:9" }, ["exec", "any", "--", "touch", marker], {
    cwd: op.cwd,
  });
  expect(await cli.ended).toMatchObject({ code: 69 });
  expect(cli.output()).toMatch(/cannot be reached .* Nothing was run\. Start it/);
  expect(existsSync(marker)).toBe(false);
});

test("a lock that another run holds: refused at once with 75, or waited for with --wait", async () => {
  const fifo = makeFifo(join(op.cwd, "holder-fifo"));
  const holder = await op.runningJob("holder", program("exits-when-told", fifo), { locks: ["site"] });
  await op.makeJob("waiter", program("forever"), { locks: ["site"] });
  const cli = exec("waiter", "true");
  expect(await cli.ended).toMatchObject({ code: 75 });
  expect(cli.output()).toMatch(new RegExp(`lock .*site.*${holder.id}`));
  const patient = unstuck(server, ["exec", "--wait", "waiter", "--", "sh", "-c", "exit 3"], { cwd: op.cwd });
  await says(patient, "waits for");
  await tell(fifo, 0);
  expect(await patient.ended).toMatchObject({ code: 3 });
});

test("--wait waits for the job's own run too", async () => {
  const fifo = makeFifo(join(op.cwd, "own-fifo"));
  await op.runningJob("own", program("exits-when-told", fifo));
  const patient = unstuck(server, ["exec", "own", "--wait", "--", "sh", "-c", "exit 4"], { cwd: op.cwd });
  await says(patient, "Waiting");
  await tell(fifo, 0);
  expect(await patient.ended).toMatchObject({ code: 4 });
});

test("a terminal that dies before it launches fails its run at once, with the reason", async () => {
  await op.makeJob("dies", program("forever"));
  const caller = startChild("sleep", ["3600"]);
  const body = { argv: ["true"], cwd: op.cwd, pid: caller.pid };
  const { run } = await op.call("POST", "/api/v1/jobs/dies/exec", 202, body);
  await op.runThat(run.id, "starts", ({ state }) => state === "starting");
  await endChild(caller);
  const ended = await op.over(run.id);
  expect(ended).toMatchObject({ state: "failed", cause: "launch_failed", startedAt: null });
  expect(ended.reason).toContain(`process ${caller.pid}) has ended`);
});

test("a terminal that never launches its run loses it when the start time is over", async () => {
  await op.makeJob("never", program("forever"), { timeouts: { startMs: 1_000 } });
  const { run, token } = await op.call("POST", "/api/v1/jobs/never/exec", 202, {
    argv: ["true"],
    cwd: op.cwd,
  });
  expect((await server.api("GET", `/api/v1/runs/${run.id}/exec`)).body.code).toBe("RUN_TOKEN_INVALID");
  expect(token).toMatch(/^\w{32}$/);
  const ended = await op.over(run.id);
  expect(ended.reason).toMatch(/no "unstuck exec" has launched it within 1000 ms/);
});

test("B6 of 20 execs and starts at once exactly one runs", async () => {
  await op.makeJob("race", program("forever"), { pidFile: "race.pid" });
  const clis: Cli[] = [];
  const starts: Promise<Answer>[] = [];
  for (let index = 0; index < 10; index += 1) {
    clis.push(exec("race", "sleep", "3600"));
    starts.push(server.api("POST", "/api/v1/jobs/race/start"));
  }
  const started = (await Promise.all(starts)).filter(({ status }) => status === 202);
  const run = await runningByHand("race");
  await until(
    "the others have given up",
    () => clis.filter(({ process }) => process.exitCode === null).length <= 1 - started.length,
  );
  expect(await op.runsOf("race")).toHaveLength(1);
  const alive = processesOfRun(run.id).filter(({ command }) => command === "sleep 3600");
  expect(alive).toHaveLength(1);
  await op.stop("race", { graceMs: 0 });
  await op.over(run.id);
  const codes = await Promise.all(clis.map(async ({ ended }) => (await ended).code));
  expect(codes.filter((code) => code === 75)).toHaveLength(started.length === 1 ? 10 : 9);
});

test("what is not understood is refused before anything is asked for", async () => {
  for (const args of [
    ["exec"],
    ["exec", "job"],
    ["exec", "job", "--"],
    ["exec", "a", "b", "--", "x"],
    ["fly"],
    ["exec", "--no", "j", "--", "x"],
  ])
    expect(await unstuck(server, args, { cwd: op.cwd }).ended, args.join(" ")).toMatchObject({ code: 64 });
  expect(await exec("no-such-job", "true").ended).toMatchObject({ code: 66 });
  expect(await unstuck(server, ["--help"], { cwd: op.cwd }).ended).toMatchObject({ code: 0 });
  const version = unstuck(server, ["--version"], { cwd: op.cwd });
  await version.ended;
  expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await op.runsOf("no-such-job")).filter(isOver)).toEqual([]);
});

test("what is run by hand lives through a kill -9 of the dashboard, is known again, and ends with its true code", async () => {
  const mine = await startServer();
  const at = operator(mine);
  const fifo = makeFifo(join(at.cwd, "fifo"));
  await at.makeJob("lives", program("forever"), { pidFile: "lives.pid" });
  const cli = unstuck(mine, ["exec", "lives", "--", ...program("exits-when-told", fifo)], { cwd: at.cwd });
  const run = await runningByHand("lives", at);
  await mine.kill();
  expect(isRunning(run.pid)).toBe(true);
  const next = await startServer({ dataDir: mine.dataDir });
  const after = operator(next);
  expect(await after.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
  expect(await after.status("lives")).toMatchObject({ managedProcess: true, pidFileDetected: true });
  await tell(fifo, 9);
  expect(await cli.ended).toMatchObject({ code: 9 });
  expect(await after.over(run.id)).toMatchObject({ state: "failed", exitCode: 9 });
});
