import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import {
  AS_OTHER_USER,
  asThirdUser,
  handOver,
  limitProcesses,
  NO_OTHER_USER,
  OTHER,
  withoutProcesses,
} from "../other-user";
import { NO_PRLIMIT } from "../prlimit";
import { commandOf, kill, launcherOf, processesOfRun, spawnHelperOf } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Root may do everything and fork without end, so the server runs as somebody else here. */
describe.skipIf(NO_OTHER_USER ?? NO_PRLIMIT)("as an ordinary user", () => {
  let server: TestServer;
  let op: Operator;

  beforeAll(async () => {
    const dataDir = newDataDir();
    handOver(dataDir);
    server = await startServer({ dataDir, through: AS_OTHER_USER });
    op = operator(server);
    chmodSync(op.cwd, 0o777);
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  /** The folders of the launch and of the ends, closed like a disk that was mounted read-only. */
  function close(mode: number): void {
    for (const folder of ["runs", "exits"]) chmodSync(join(server.dataDir, folder), mode);
  }

  function readable(name: string): string {
    const fifo = makeFifo(join(op.cwd, name));
    chmodSync(fifo, 0o666);
    return fifo;
  }

  test("a job runs as the dashboard's own user, and another is refused in words", async () => {
    expect(await op.makeJob("own", ["true"])).toMatchObject({ runAs: null });
    const answer = await server.api("POST", "/api/v1/jobs", {
      id: "others",
      argv: ["true"],
      cwd: "/",
      runAs: OTHER,
    });
    expect(answer).toMatchObject({ status: 422, body: { code: "RUN_AS_NOT_ALLOWED" } });
    expect(answer.body.detail).toContain("Only a dashboard of root can run a job as another user");
  });

  test("FR-F4 a stop of a program that belongs to yet another user says from the first round that it reaches nobody", async () => {
    const argv = [...asThirdUser(op.cwd), "sleep", "600"];
    const run = await op.runningJob("theirs", argv, { timeouts: { stopGraceMs: 500 } });
    await until("it is another's", () => commandOf(run.pid).startsWith("sleep"));
    try {
      await op.stop("theirs");
      const dataOf = async (type: string) =>
        (await op.events(run.id)).find((event: { type: string }) => event.type === type)?.data;
      await until("it is told", () => dataOf("unkillable"));
      expect(await dataOf("signal_sent")).toMatchObject({
        asked: "program",
        pids: [],
        notPermitted: [run.pid],
      });
      expect(await dataOf("unkillable")).toMatchObject({ processes: [{ pid: run.pid, notPermitted: true }] });
      expect(await op.run(run.id)).toMatchObject({ state: "stopping" });
    } finally {
      kill(run.pid, "SIGKILL");
    }
    expect(await op.over(run.id)).toMatchObject({ signal: "SIGKILL" });
    expect(processesOfRun(run.id)).toEqual([]);
  });

  test("B10 B4 a start when no process may be made fails with the reason, and works afterwards", async () => {
    await op.makeJob("crowded", program("forever"), { locks: ["site"] });
    const helper = spawnHelperOf(server.pid) ?? server.pid;
    const without = (work: () => Promise<void>) =>
      withoutProcesses(server.pid, () => withoutProcesses(helper, work));
    await without(async () => {
      const failed = await op.over((await op.start("crowded")).id);
      expect(failed).toMatchObject({ state: "failed", cause: "launch_failed" });
      expect(failed.reason).toMatch(/^Failed to start: no further process is allowed .*EAGAIN/);
    });
    await op.running((await op.start("crowded")).id);
  });

  test("B4 a launcher that may not fork when its program has ended still tells the true exit code", async () => {
    const fifo = readable("nine");
    const run = await op.runningJob("ends-crowded", program("exits-when-told", fifo));
    limitProcesses(launcherOf(run), "1");
    await tell(fifo, 9);
    expect(await op.over(run.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 9 });
  });

  test("B4 B10 with an unwritable data folder starts fail with the reason and ends are still true", async () => {
    const fifo = readable("four");
    const ends = await op.runningJob("ends", program("exits-when-told", fifo), { locks: ["shared"] });
    await op.makeJob("deaf", program("ignores-term"), { timeouts: { stopGraceMs: 500 } });
    const deaf = await op.startReady("deaf");
    await op.makeJob("refused", program("forever"), { locks: ["shared"] });
    await op.makeJob("alone", program("forever"));
    close(0o500);
    try {
      const failed = await op.over((await op.start("alone")).id);
      expect(failed).toMatchObject({ state: "failed", cause: "launch_failed" });
      expect(failed.reason).toMatch(/^Failed to start: .*EACCES/);
      await tell(fifo, 4);
      expect(await op.over(ends.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 4 });
      await op.stop("deaf");
      expect(await op.over(deaf.id)).toMatchObject({ state: "stopped", cause: "stop" });
      expect(processesOfRun(deaf.id)).toEqual([]);
    } finally {
      close(0o700);
    }
    // The lock of a run whose files could not be removed is free all the same.
    await op.running((await op.start("refused")).id);
  });
});
