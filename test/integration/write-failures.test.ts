import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { program } from "../programs";
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

/** Holds the database like another program in the middle of a write, until what is awaited has happened. */
async function whileLocked(wait: () => Promise<unknown>): Promise<void> {
  const writer = new Database(join(server.dataDir, "unstuck.db"));
  try {
    writer.exec("BEGIN IMMEDIATE");
    await wait();
  } finally {
    writer.close();
  }
}

const failures = () => server.output().split('"task.failed"').length;

test("a stop whose writes fail in the middle goes on by itself once the database can be written again", async () => {
  await op.makeJob("stubborn", program("ignores-term"), { timeouts: { stopGraceMs: 1_500 } });
  const { id } = await op.startReady("stubborn");
  await op.stop("stubborn");
  await until("it was asked", async () =>
    (await op.events(id)).some(({ type }: { type: string }) => type === "signal_sent"),
  );
  const before = failures();
  await whileLocked(() => until("a write has failed", () => failures() > before));
  expect(await op.over(id)).toMatchObject({ state: "stopped", cause: "stop", signal: "SIGKILL" });
  expect(processesOfRun(id)).toEqual([]);
});

test("a run that ends while nothing can be written is over as soon as it can be", async () => {
  const run = await op.runningJob("ends-meanwhile", program("forever"));
  const before = failures();
  await whileLocked(async () => {
    process.kill(run.pid, "SIGSEGV");
    await until("a write has failed", () => failures() > before);
  });
  expect(await op.over(run.id)).toMatchObject({ state: "failed", cause: "crashed", signal: "SIGSEGV" });
});

test("a start while the database is held is refused with the reason and leaves nothing behind", async () => {
  await op.makeJob("refused", program("forever"));
  await whileLocked(async () => {
    const answer = await server.api("POST", "/api/v1/jobs/refused/start");
    expect(answer).toMatchObject({ status: 503, body: { code: "DATABASE_LOCKED" } });
  });
  expect(await op.runsOf("refused")).toEqual([]);
  await op.running((await op.start("refused")).id);
});
