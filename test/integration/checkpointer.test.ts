import { afterAll, expect, test } from "vitest";
import { operator } from "../operator";
import { isRunning, processesWithCommand } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

const RUNS = 500;

/** The process beside a dashboard that makes the checkpoints of its deletions. */
const beside = ({ pid, dataDir }: TestServer) =>
  processesWithCommand("lib/store/checkpointer.mjs").find(
    ({ parent, command }) => parent === pid && command.includes(dataDir),
  );

/** @returns the process that was there while a job with many runs was deleted */
async function deletesMuch(server: TestServer, job: string): Promise<number> {
  const op = operator(server);
  await op.makeJob(job, program("forever"));
  const rows = Array.from({ length: RUNS }, (_, index) => ({
    job,
    externalId: `${index}`,
    state: "completed",
    startedAt: "2025-03-01T00:00:00.000Z",
    endedAt: "2025-03-01T00:01:00.000Z",
  }));
  await op.call("POST", "/api/v1/imports", 200, { source: job, dryRun: false, rows });
  expect((await op.call("GET", `/api/v1/runs?job=${job}&limit=200`, 200)).items).toHaveLength(200);
  await op.call("DELETE", `/api/v1/jobs/${job}`, 204);
  const { pid } = await until("there is a process beside the dashboard", () => beside(server));
  await until("its runs are deleted", async () => {
    const { items } = await op.call("GET", `/api/v1/runs?job=${job}`, 200);
    return items.length === 0;
  });
  return pid;
}

test("CR-6.8 the checkpoints of a deletion are made beside the dashboard, and nothing of that is left when it stops or is killed", async () => {
  const server = await startServer();
  const first = await deletesMuch(server, "one");
  await server.kill();
  await until("it has ended with the dashboard that was killed", () => !isRunning(first));
  const next = await startServer({ dataDir: server.dataDir });
  const second = await deletesMuch(next, "two");
  expect(await next.stop()).toBe(0);
  expect(isRunning(second)).toBe(false);
});
