import { expect, test } from "vitest";
import { exec, runningByHand, says } from "../by-hand";
import { endChild, startChild } from "../children";
import { inTerminal } from "../cli";
import { oneServer } from "../one-server";
import { isRunning, processesOfRun } from "../processes";
import { program } from "../programs";

const its = oneServer();

test("Ctrl-C reaches the program, and exec tells how the program took it", async () => {
  await its.op.makeJob("ctrl-c", program("forever"));
  const line = `exec $UNSTUCK exec ctrl-c -- sh -c 'trap "echo caught; exit 42" INT; echo waiting; while :; do sleep 0.1; done'`;
  const cli = inTerminal(its.server, line, { cwd: its.op.cwd });
  await says(cli, "waiting");
  const { id } = await runningByHand(its.op, "ctrl-c");
  cli.type("\x03");
  await says(cli, "caught");
  expect(await cli.ended).toMatchObject({ code: 42 });
  expect(await its.op.over(id)).toMatchObject({ state: "failed", exitCode: 42 });
});

test("Ctrl-C that the program does not handle ends it: 130, and the run was interrupted from outside", async () => {
  await its.op.makeJob("plain-c", program("forever"));
  const cli = inTerminal(its.server, "exec $UNSTUCK exec plain-c -- sh -c 'echo waiting; exec sleep 3600'", {
    cwd: its.op.cwd,
  });
  await says(cli, "waiting");
  const { id } = await runningByHand(its.op, "plain-c");
  cli.type("\x03");
  expect(await cli.ended).toMatchObject({ code: 130 });
  expect(await its.op.over(id)).toMatchObject({ state: "interrupted", signal: "SIGINT" });
});

test("a stop ends all that was run by hand, and nobody else in that terminal", async () => {
  await its.op.makeJob("polite", program("forever"), { timeouts: { stopGraceMs: 300 } });
  const line =
    "sleep 3611 & by=$!; echo bystander $by; $UNSTUCK exec polite -- sh -c 'trap \"\" TERM; sleep 3612 & setsid sleep 3613 & echo waiting; wait; sleep 3614'; echo left with $?; read -r go; kill $by; wait";
  const cli = inTerminal(its.server, line, { cwd: its.op.cwd });
  await says(cli, "waiting");
  const { id } = await runningByHand(its.op, "polite");
  const bystander = Number(/bystander (\d+)/.exec(cli.output())?.[1]);
  await its.op.stop("polite");
  expect(await its.op.over(id)).toMatchObject({ state: "stopped", signal: "SIGKILL" });
  expect(processesOfRun(id)).toEqual([]);
  await says(cli, "left with 137");
  expect(bystander).toBeGreaterThan(1);
  expect(isRunning(bystander)).toBe(true);
  cli.type("\n");
  await cli.ended;
});

test("SIGTERM to exec itself is passed on to its program", async () => {
  await its.op.makeJob("passed-on", program("forever"));
  const cli = exec(
    its,
    "passed-on",
    "sh",
    "-c",
    "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done",
  );
  await says(cli, "ready");
  const { id } = await runningByHand(its.op, "passed-on");
  cli.process.kill("SIGTERM");
  expect(await cli.ended).toMatchObject({ code: 5 });
  await its.op.over(id);
});

test("a terminal that dies before it launches fails its run at once, with the reason", async () => {
  await its.op.makeJob("dies", program("forever"));
  const caller = startChild("sleep", ["3600"]);
  const body = { argv: ["true"], cwd: its.op.cwd, pid: caller.pid };
  const { run } = await its.op.call("POST", "/api/v1/jobs/dies/exec", 202, body);
  await its.op.runThat(run.id, "starts", ({ state }) => state === "starting");
  await endChild(caller);
  const ended = await its.op.over(run.id);
  expect(ended).toMatchObject({ state: "failed", cause: "launch_failed", startedAt: null });
  expect(ended.reason).toContain(`process ${caller.pid}) has ended`);
});

test("a terminal that never launches its run loses it when the start time is over", async () => {
  await its.op.makeJob("never", program("forever"), { timeouts: { startMs: 1_000 } });
  const { run, token } = await its.op.call("POST", "/api/v1/jobs/never/exec", 202, {
    argv: ["true"],
    cwd: its.op.cwd,
  });
  expect((await its.server.api("GET", `/api/v1/runs/${run.id}/exec`)).body.code).toBe("RUN_TOKEN_INVALID");
  expect(token).toMatch(/^\w{32}$/);
  const ended = await its.op.over(run.id);
  expect(ended.reason).toMatch(/no "unstuck exec" has launched it within 1000 ms/);
});
