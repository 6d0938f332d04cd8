import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { linuxProcesses } from "@/lib/supervisor/processes/linux";
import { endChild, startChild } from "../children";
import { doctor, rowOf } from "../doctored";
import {
  AS_CONTAINER_WITH_INIT,
  childrenOf,
  initOf,
  livePidOutside,
  NO_NAMESPACES,
  pidInside,
  pidOutside,
  takePid,
} from "../namespaces";
import { operator } from "../operator";
import { commandOf, isRunning, kill, launcherOf, processesOfRun, stateOf } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

/** Kills all of a run while no dashboard looks, so that nothing of it is left and nothing says how it ended. */
async function wipeOut(server: TestServer, run: Answer): Promise<void> {
  const launcher = launcherOf(run);
  await server.kill();
  kill(launcher, "SIGKILL");
  kill(run.pid, "SIGKILL");
  await until("nothing is left of it", () => processesOfRun(run.id).length === 0);
}

/** A program of somebody else, with nothing of a run about it. */
function stranger() {
  const child = startChild("sleep", ["3600"], { env: { UNSTUCK_RUN: "" }, detached: true });
  return { ...child, startTicks: linuxProcesses().read(child.pid)?.startTicks ?? 0 };
}

/** The dashboard ends in good order, and the stranger has lived through all of it. */
async function expectUnharmed(foreign: ReturnType<typeof stranger>, server: TestServer): Promise<void> {
  expect(await server.stop()).toBe(0);
  expect(isRunning(foreign.pid)).toBe(true);
  await endChild(foreign);
}

test("A3 B3 a stranger on the recorded pids is neither believed nor signalled when the dashboard comes back", async () => {
  const server = await startServer();
  const run = await operator(server).runningJob("gone", program("forever"));
  await wipeOut(server, run);
  const foreign = stranger();
  const earlier = foreign.startTicks - 1;
  doctor(server.dataDir, run.id, {
    launcherPid: foreign.pid,
    launcherTicks: earlier,
    pid: foreign.pid,
    pidTicks: earlier,
  });
  const next = await startServer({ dataDir: server.dataDir });
  expect(await operator(next).over(run.id)).toMatchObject({ state: "interrupted", cause: "launcher_killed" });
  await expectUnharmed(foreign, next);
});

test("A3 a stop that an earlier dashboard began does not signal a stranger on the recorded pids", async () => {
  const server = await startServer();
  const op = operator(server);
  await op.makeJob("deaf", program("ignores-term"), { timeouts: { stopGraceMs: 3_600_000 } });
  const run = await op.startReady("deaf");
  await op.stop("deaf");
  await wipeOut(server, run);
  const foreign = stranger();
  const earlier = foreign.startTicks - 1;
  doctor(server.dataDir, run.id, {
    launcherPid: foreign.pid,
    launcherTicks: earlier,
    pid: foreign.pid,
    pidTicks: earlier,
    graceMs: 0,
  });
  const next = await startServer({ dataDir: server.dataDir });
  expect((await operator(next).over(run.id)).exitCode).toBeNull();
  await expectUnharmed(foreign, next);
});

test("A3 after a reboot not even a process with the same pid and the same start is looked at", async () => {
  const server = await startServer();
  const run = await operator(server).runningJob("before-the-reboot", program("forever"));
  await wipeOut(server, run);
  const foreign = stranger();
  const { hostInstance } = rowOf(server.dataDir, run.id);
  doctor(server.dataDir, run.id, {
    launcherPid: foreign.pid,
    launcherTicks: foreign.startTicks,
    pid: foreign.pid,
    pidTicks: foreign.startTicks,
    hostInstance: `00000000-0000-4000-8000-000000000000/${String(hostInstance).split("/").slice(1).join("/")}`,
  });
  const next = await startServer({ dataDir: server.dataDir });
  const after = operator(next);
  expect(await after.over(run.id)).toMatchObject({
    state: "interrupted",
    cause: "host_rebooted",
    exitCode: null,
  });
  expect(isRunning(foreign.pid)).toBe(true);
  await after.running((await after.start("before-the-reboot")).id);
  await after.endAll();
  await expectUnharmed(foreign, next);
});

test("A3 a row whose claim is gone as well does not make a stranger the run's", async () => {
  const server = await startServer();
  const run = await operator(server).runningJob("no-files", program("forever"));
  await wipeOut(server, run);
  rmSync(join(server.dataDir, "runs", run.id), { recursive: true });
  const foreign = stranger();
  doctor(server.dataDir, run.id, {
    launcherPid: foreign.pid,
    launcherTicks: foreign.startTicks + 1,
    pid: null,
    pidTicks: null,
  });
  const next = await startServer({ dataDir: server.dataDir });
  expect(await operator(next).over(run.id)).toMatchObject({ state: "interrupted", cause: "exit_unknown" });
  await expectUnharmed(foreign, next);
});

test.skipIf(NO_NAMESPACES)(
  "A3 a pid that the kernel really gives away again: seen in the sweep, never believed, never signalled",
  async () => {
    const server = await startServer({ through: AS_CONTAINER_WITH_INIT });
    const op = operator(server);
    const init = await initOf(server.pid);
    const run = await op.runningJob("numbered", program("forever"));
    const other = await op.runningJob("stopped-later", program("forever"));
    const launchers = [run, other].map(({ pid }) => launcherOf({ pid: livePidOutside(init, pid) }));
    const numbers = [...launchers.map((pid) => pidInside(pid) ?? 0), run.pid, other.pid];
    for (const launcher of launchers) kill(launcher, "SIGKILL");
    for (const { id } of [run, other]) {
      await until("it is unsupervised", async () =>
        (await op.events(id)).some(({ type }: { type: string }) => type === "unsupervised"),
      );
    }
    const dashboard = dashboardOf(init);
    kill(dashboard, "SIGSTOP");
    await until("the dashboard stands still", () => stateOf(dashboard) === "T");
    // A launcher's number is free only now: it was its session's, too.
    for (const { pid } of [run, other]) kill(livePidOutside(init, pid), "SIGKILL");
    const strangers: number[] = [];
    for (const number of numbers) {
      await until("the number is free", () => pidOutside(init, number) === null);
      takePid(init, number);
      strangers.push(livePidOutside(init, number));
    }
    const stopping = server.api("POST", "/api/v1/jobs/stopped-later/stop", { force: true });
    kill(dashboard, "SIGCONT");
    await stopping;
    expect(await op.over(run.id)).toMatchObject({
      state: "interrupted",
      cause: "launcher_killed",
      exitCode: null,
    });
    expect((await op.over(other.id)).exitCode).toBeNull();
    expect(strangers.every(isRunning)).toBe(true);
    await server.kill();
  },
);

/** The server itself, beside whom the init has only what became orphaned. */
function dashboardOf(init: number): number {
  const found = childrenOf(init).find((pid) => commandOf(pid).includes("start.mjs"));
  if (found === undefined) throw new Error("The server is not there.");
  return found;
}
