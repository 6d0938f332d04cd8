import { readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Operator } from "../operator";
import { NO_OTHER_USER, OTHER } from "../other-user";
import { kill, stateOf } from "../processes";
import { startRunAsServer } from "../run-as-server";
import { cleanUp, type TestServer } from "../server";
import { until } from "../until";

/** Whatever reads with a user's rights is that user's process: any program of that user may stop it (SIGSTOP) and never let it go on. */
describe.skipIf(NO_OTHER_USER)("while a user stops every process that reads as that user", () => {
  let server: TestServer;
  let op: Operator;
  let folder: string;

  beforeAll(async () => {
    ({ server, op, folder } = await startRunAsServer());
    const theirs = { runAs: OTHER, cwd: folder };
    const waiting = ["sh", "-c", "echo ready; sleep 600"];
    await op.makeJob("theirs", waiting, { ...theirs, checkpoint: "a.json", pidFile: "a.pid" });
    await op.makeJob("late", waiting, { ...theirs, checkpoint: "b.json", pidFile: "b.pid" });
  });
  afterEach(() => op.endAll());
  afterAll(cleanUp);

  /** For the rest of the test, from their first moment on. */
  function stopHelpers(): void {
    const timer = setInterval(() => {
      for (const pid of helpersOf(server.dataDir)) if (stateOf(pid) !== "T") kill(pid, "SIGSTOP");
    }, 5);
    onTestFinished(() => {
      clearInterval(timer);
      for (const pid of helpersOf(server.dataDir)) kill(pid, "SIGCONT");
    });
  }

  test("a start of its job is refused in words and in seconds, its run ends, and pages that show all jobs do not wait", async () => {
    await op.startReady("theirs");
    const { id } = (await op.runsOf("theirs"))[0];
    stopHelpers();
    await until("it is stopped", () => helpersOf(server.dataDir).some((pid) => stateOf(pid) === "T"));
    const began = performance.now();
    expect(await server.api("POST", "/api/v1/jobs/late/start", {})).toMatchObject({
      status: 503,
      body: { code: "PATH_NOT_ANSWERING", detail: expect.stringContaining(`reads and writes as ${OTHER}`) },
    });
    expect((await server.api("GET", "/api/v1/strays")).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(15_000);
    const job = await op.runningJob("ours", ["sleep", "600"], { runAs: "root" });
    await op.stop("ours");
    expect(await op.over(job.id)).toMatchObject({ state: "stopped" });
    await op.stop("theirs", { graceMs: 0 });
    expect(await op.over(id)).toMatchObject({ state: "stopped" });
  });
});

function helpersOf(dataDir: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
      return words.includes(OTHER) && words.some((word) => word.startsWith(`${dataDir}/_launchers/files-`));
    } catch {
      return false;
    }
  });
}
