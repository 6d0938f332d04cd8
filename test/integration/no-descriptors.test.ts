import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { keptConnection } from "../kept-connection";
import { type Operator, operator } from "../operator";
import { NO_PRLIMIT, withoutDescriptors } from "../prlimit";
import { kill, processesOfRun, processesWithCommand } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const failures = () => server.output().split("EMFILE").length;

/**
 * Several sweeps have failed: every run was looked at in vain.
 * @param line is asked all the while: one that is idle for seconds is closed by the server, and no new one can be had
 */
async function looksHaveFailed(line?: ReturnType<typeof keptConnection>): Promise<void> {
  const before = failures();
  await until("looks have failed", async () => {
    await line?.api("GET", "/health");
    return failures() > before + 3;
  });
}

test.skipIf(NO_PRLIMIT)("B3 runs that cannot be looked at are not taken for gone", async () => {
  const runs = [];
  for (const job of ["one", "two", "three"]) runs.push(await op.runningJob(job, program("forever")));
  await withoutDescriptors(server.pid, () => looksHaveFailed());
  for (const { id, pid } of runs)
    expect(await op.run(id)).toMatchObject({ state: "running", pid, health: "healthy" });
});

test.skipIf(NO_PRLIMIT)(
  "B4 a run that ends while nothing can be opened gets its true end afterwards",
  async () => {
    const fifo = makeFifo(join(op.cwd, "seven"));
    const run = await op.runningJob("ends-unseen", program("exits-when-told", fifo));
    await withoutDescriptors(server.pid, async () => {
      await tell(fifo, 7);
      await looksHaveFailed();
    });
    expect(await op.over(run.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 7 });
  },
);

test.skipIf(NO_PRLIMIT)(
  "B4 a stop that comes while nothing can be opened is done afterwards, with the job's signal",
  async () => {
    const run = await op.runningJob("stopped-blindly", program("forever"));
    const line = keptConnection(server.origin);
    await line.api("GET", "/health");
    await withoutDescriptors(server.pid, async () => {
      const answer = await line.api("POST", "/api/v1/jobs/stopped-blindly/stop");
      expect(answer).toMatchObject({ status: 202, body: { run: { state: "stopping" } } });
      await looksHaveFailed(line);
      expect((await line.api("GET", `/api/v1/runs/${run.id}`)).body).toMatchObject({ state: "stopping" });
    });
    line.close();
    expect(await op.over(run.id)).toMatchObject({ state: "stopped", cause: "stop", signal: "SIGTERM" });
    expect(processesOfRun(run.id)).toEqual([]);
  },
);

test.skipIf(NO_PRLIMIT)(
  "B10 B4 a start without descriptors fails with the reason, frees its lock, and works afterwards",
  async () => {
    await op.makeJob("unlucky", program("forever"), { locks: ["site"] });
    const line = keptConnection(server.origin);
    await line.api("GET", "/health");
    let id = "";
    await withoutDescriptors(server.pid, async () => {
      const answer = await line.api("POST", "/api/v1/jobs/unlucky/start");
      expect(answer.status).toBe(202);
      id = answer.body.run.id;
      await looksHaveFailed(line);
    });
    line.close();
    const failed = await op.over(id);
    expect(failed).toMatchObject({ state: "failed", cause: "launch_failed", exitCode: null });
    expect(failed.reason).toMatch(/^Failed to start: .*EMFILE/);
    const again = await op.running((await op.start("unlucky")).id);
    expect(processesOfRun(again.id).length).toBeGreaterThan(0);
  },
);

test.skipIf(NO_PRLIMIT)(
  "CR-6.2 a start that needs another process while no descriptor is free is refused with what is lacking, and works afterwards",
  async () => {
    await op.makeJob("refused", program("forever"));
    const line = keptConnection(server.origin);
    await line.api("GET", "/health");
    const readers = () =>
      processesWithCommand(`${server.dataDir}/_launchers/files-`).filter(
        ({ parent }) => parent === server.pid,
      );
    for (const { pid } of readers()) kill(pid, "SIGKILL");
    await until("the server has seen that they are gone", () => readers().length === 0);
    await withoutDescriptors(server.pid, async () => {
      const answer = await line.api("POST", "/api/v1/jobs/refused/start");
      expect(answer).toMatchObject({
        status: 503,
        body: { code: "HOST_EXHAUSTED", details: { code: "EMFILE" } },
      });
      expect(answer.body.detail).toContain("no file descriptors left");
    });
    line.close();
    expect(await op.runsOf("refused")).toEqual([]);
    await op.running((await op.start("refused")).id);
  },
);
