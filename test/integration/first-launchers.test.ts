import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FIRST_VERSIONS, oldFolder } from "../first-launchers/first-launchers";
import { operator } from "../operator";
import { isRunning, processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, newDataDir, startServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

const exitsWhenTold = (fifo: string) => ["sh", "-c", 'echo ready; read -r code <"$0"; exit "$code"', fifo];

for (const version of FIRST_VERSIONS)
  test(`A3 runs that were started by 0.1.0 (${version.commit}, ${version.about}) are adopted, read, stopped, and their exit codes known`, async () => {
    const dataDir = newDataDir();
    const old = await oldFolder(version, dataDir);
    const fifo = (name: string) => makeFifo(join(old.cwd, name));
    const stopped = await old.start("stopped", program("forks-setsid-grandchild"), "running");
    const [toldEarly, toldLate] = [fifo("early"), fifo("late")];
    const over = await old.start("over", exitsWhenTold(toldEarly), "running");
    // Nothing but the claim of its launcher says that this one has begun.
    const claimed = await old.start("claimed", exitsWhenTold(toldLate), "starting");
    await tell(toldEarly, 3);
    await until("the launcher has recorded the exit code", () => existsSync(over.exitFile));

    const server = await startServer({ dataDir });
    const op = operator(server);
    expect(await op.call("GET", "/api/v1/folder", 200)).toMatchObject({ state: "live" });
    expect(await op.over(over.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 3 });
    expect(await op.log(over.id)).toBe("ready\n");
    for (const [job, run] of [
      ["stopped", stopped],
      ["claimed", claimed],
    ] as const) {
      expect(await op.running(run.id)).toMatchObject({ pid: run.program.pid, health: "healthy" });
      expect(await op.log(run.id)).toBe("ready\n");
      expect(await server.api("POST", `/api/v1/jobs/${job}/start`)).toMatchObject({
        status: 409,
        body: { code: "RUN_ALREADY_ACTIVE", details: { runId: run.id } },
      });
      expect([run.launcher.pid, run.program.pid].map(isRunning)).toEqual([true, true]);
    }

    expect(processesOfRun(stopped.id).length, "launcher, program and its tree").toBeGreaterThanOrEqual(4);
    await op.stop("stopped", { graceMs: 500 });
    expect(await op.over(stopped.id)).toMatchObject({ state: "stopped", cause: "stop", signal: "SIGTERM" });
    expect(processesOfRun(stopped.id)).toEqual([]);

    await tell(toldLate, 7);
    expect(await op.over(claimed.id)).toMatchObject({ state: "failed", exitCode: 7 });
    expect(existsSync(join(dataDir, "shims", version.script))).toBe(true);
    await op.startReady("stopped");
    await op.endAll();
  });
