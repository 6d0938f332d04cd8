import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exec, runningByHand, runOf, says } from "../by-hand";
import { endChild } from "../children";
import { type Cli, unstuck } from "../cli";
import { oneServer } from "../one-server";
import { isOver, operator } from "../operator";
import { startByHand } from "../pid-files";
import { isRunning, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, startServer } from "../server";
import { until } from "../until";

const its = oneServer();

test("exec runs a program in its terminal, with the terminal's own environment, and exits with its code", async () => {
  await its.op.makeJob("hand", program("forever"), { env: { FROM_JOB: "yes" } });
  const script = 'read -r line; echo "$line $FROM_JOB $MINE $UNSTUCK_JOB $PWD"; echo oops >&2; exit 7';
  const cli = unstuck(its.server, ["exec", "hand", "--", "sh", "-c", script], {
    cwd: its.op.cwd,
    env: { MINE: "too" },
  });
  cli.type("typed\n");
  expect(await cli.ended).toEqual({ code: 7, signal: null });
  await says(cli, `typed yes too hand ${its.op.cwd}\n`);
  expect(cli.output()).toContain("oops");
  const run = await its.op.over((await runOf(its.op, "hand")).id);
  expect(run).toMatchObject({ state: "failed", exitCode: 7, trigger: "exec", argv: ["sh", "-c", script] });
  expect(await its.op.log(run.id)).toContain("goes to that terminal");
});

test("exec tells a signal that ended the program as 128 + its number", async () => {
  await its.op.makeJob("crashes", program("forever"));
  expect(await exec(its, "crashes", "sh", "-c", "kill -SEGV $$").ended).toMatchObject({ code: 128 + 11 });
  expect(await its.op.over((await runOf(its.op, "crashes")).id)).toMatchObject({
    state: "failed",
    signal: "SIGSEGV",
  });
});

test("a program that cannot be found ends as the shell has it, 127", async () => {
  await its.op.makeJob("absent", program("forever"));
  expect(await exec(its, "absent", "no-such-program-anywhere").ended).toMatchObject({ code: 127 });
});

test("D2 while a program runs by hand a start and a second exec are refused, and the dashboard knows its process", async () => {
  await its.op.makeJob("double", program("forever"), { pidFile: "double.pid" });
  const cli = exec(its, "double", "sleep", "3600");
  const run = await runningByHand(its.op, "double");
  expect(await its.op.status("double")).toMatchObject({ running: true, managedProcess: true, pid: run.pid });
  expect(readFileSync(join(its.op.cwd, "double.pid"), "utf8")).toBe(`${run.pid}\n`);
  const start = await its.server.api("POST", "/api/v1/jobs/double/start");
  expect(start.body).toMatchObject({ code: "RUN_ALREADY_ACTIVE", details: { runId: run.id } });
  const second = exec(its, "double", "sleep", "3600");
  expect(await second.ended).toMatchObject({ code: 75 });
  expect(second.output()).toContain(run.id);
  expect(await its.op.runsOf("double")).toHaveLength(1);
  await its.op.stop("double");
  expect(await cli.ended).toMatchObject({ code: 128 + 15 });
  expect(await its.op.over(run.id)).toMatchObject({ state: "stopped", signal: "SIGTERM" });
  expect(existsSync(join(its.op.cwd, "double.pid"))).toBe(false);
});

test("exec is refused while the program runs outside Unstuck", async () => {
  await its.op.makeJob("outside", program("forever"), { pidFile: "outside.pid" });
  const child = await startByHand(join(its.op.cwd, "outside.pid"));
  const cli = exec(its, "outside", "true");
  expect(await cli.ended).toMatchObject({ code: 75 });
  expect(cli.output()).toContain(`process ${child.pid}`);
  await endChild(child);
});

test("without the dashboard nothing is run: 69, with what to do", async () => {
  const marker = join(its.op.cwd, "must-not-be");
  const cli = unstuck({ origin: "http://127.0.0.1:9" }, ["exec", "any", "--", "touch", marker], {
    cwd: its.op.cwd,
  });
  expect(await cli.ended).toMatchObject({ code: 69 });
  expect(cli.output()).toMatch(/cannot be reached .* Nothing was run\. Start it/);
  expect(existsSync(marker)).toBe(false);
});

test("a lock that another run holds: refused at once with 75, or waited for with --wait", async () => {
  const fifo = makeFifo(join(its.op.cwd, "holder-fifo"));
  const holder = await its.op.runningJob("holder", program("exits-when-told", fifo), { locks: ["site"] });
  await its.op.makeJob("waiter", program("forever"), { locks: ["site"] });
  const cli = exec(its, "waiter", "true");
  expect(await cli.ended).toMatchObject({ code: 75 });
  expect(cli.output()).toMatch(new RegExp(`lock .*site.*${holder.id}`));
  const patient = unstuck(its.server, ["exec", "--wait", "waiter", "--", "sh", "-c", "exit 3"], {
    cwd: its.op.cwd,
  });
  await says(patient, "waits for");
  await tell(fifo, 0);
  expect(await patient.ended).toMatchObject({ code: 3 });
});

test("--wait waits for the job's own run too", async () => {
  const fifo = makeFifo(join(its.op.cwd, "own-fifo"));
  await its.op.runningJob("own", program("exits-when-told", fifo));
  const patient = unstuck(its.server, ["exec", "own", "--wait", "--", "sh", "-c", "exit 4"], {
    cwd: its.op.cwd,
  });
  await says(patient, "Waiting");
  await tell(fifo, 0);
  expect(await patient.ended).toMatchObject({ code: 4 });
});

test("B6 of 20 execs and starts at once exactly one runs", async () => {
  await its.op.makeJob("race", program("forever"), { pidFile: "race.pid" });
  const clis: Cli[] = [];
  const starts: Promise<Answer>[] = [];
  for (let index = 0; index < 10; index += 1) {
    clis.push(exec(its, "race", "sleep", "3600"));
    starts.push(its.server.api("POST", "/api/v1/jobs/race/start"));
  }
  const started = (await Promise.all(starts)).filter(({ status }) => status === 202);
  const run = await runningByHand(its.op, "race");
  await until(
    "the others have given up",
    () => clis.filter(({ process }) => process.exitCode === null).length <= 1 - started.length,
  );
  expect(await its.op.runsOf("race")).toHaveLength(1);
  const alive = processesOfRun(run.id).filter(({ command }) => command === "sleep 3600");
  expect(alive).toHaveLength(1);
  await its.op.stop("race", { graceMs: 0 });
  await its.op.over(run.id);
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
    expect(await unstuck(its.server, args, { cwd: its.op.cwd }).ended, args.join(" ")).toMatchObject({
      code: 64,
    });
  expect(await exec(its, "no-such-job", "true").ended).toMatchObject({ code: 66 });
  expect(await unstuck(its.server, ["--help"], { cwd: its.op.cwd }).ended).toMatchObject({ code: 0 });
  const version = unstuck(its.server, ["--version"], { cwd: its.op.cwd });
  await version.ended;
  expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await its.op.runsOf("no-such-job")).filter(isOver)).toEqual([]);
});

test("what is run by hand lives through a kill -9 of the dashboard, is known again, and ends with its true code", async () => {
  const mine = await startServer();
  const at = operator(mine);
  const fifo = makeFifo(join(at.cwd, "fifo"));
  await at.makeJob("lives", program("forever"), { pidFile: "lives.pid" });
  const cli = unstuck(mine, ["exec", "lives", "--", ...program("exits-when-told", fifo)], { cwd: at.cwd });
  const run = await runningByHand(at, "lives");
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
