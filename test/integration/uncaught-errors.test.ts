import { afterAll, expect, test } from "vitest";
import { operator } from "../operator";
import { isRunning, kill, processesOfFolder } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** CR-6.10 A bug that nothing catches ends the dashboard, is told in its log, and harms no run. */

afterAll(cleanUp);

const linesOf = (server: TestServer, level: number) =>
  server
    .output()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter((line) => line.level === level);

for (const [harm, event, words] of [
  ["throw", "process.uncaught_exception", "thrown in a timer"],
  ["reject", "process.unhandled_rejection", "a promise that nothing waits for"],
] as const) {
  test(`CR-6.10 after an error that nothing catches (${harm}) the log has one fatal line, the exit code is 1, and its run goes on`, async () => {
    const doomed = await startServer({ env: { UNSTUCK_FAULT: `before-running:1:${harm}` } });
    await operator(doomed).makeJob("job", program("forever"));
    // Its answer may be lost with the process.
    await doomed.api("POST", "/api/v1/jobs/job/start").catch(() => null);
    expect(await doomed.gone).toBe(1);
    const fatal = linesOf(doomed, 60);
    expect(fatal).toMatchObject([{ msg: event, err: { message: expect.stringContaining(words) } }]);
    expect(fatal[0].err.stack).toContain("fault");

    expect(processesOfFolder(doomed.dataDir).length).toBeGreaterThan(0);
    if (harm === "throw") await expectAdopted(doomed);
    else await endRunsOf(doomed.dataDir);
  });
}

async function expectAdopted(doomed: TestServer): Promise<void> {
  const next = await startServer({ dataDir: doomed.dataDir });
  const op = operator(next);
  const [{ id }] = await op.runsOf("job");
  const { pid } = await op.running(id);
  expect(isRunning(pid)).toBe(true);
  await op.endAll();
  await until("it is gone", () => !isRunning(pid));
  expect(linesOf(next, 60)).toEqual([]);
  expect(await next.stop()).toBe(0);
}

async function endRunsOf(dataDir: string): Promise<void> {
  await until("its run has ended", () => {
    const left = processesOfFolder(dataDir);
    for (const { pid } of left) kill(pid, "SIGKILL");
    return left.length === 0;
  });
}
