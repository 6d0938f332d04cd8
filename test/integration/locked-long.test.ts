import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
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

const HELD_MS = 30_000;

test("B4 C3 a database held for 30 s: it is looked at meanwhile, and all that happened is told truly afterwards", async () => {
  const fifos = ["five", "zero"].map((name) => makeFifo(join(op.cwd, name)));
  const five = await op.runningJob("five", program("exits-when-told", fifos[0] ?? ""));
  const zero = await op.runningJob("zero", program("exits-when-told", fifos[1] ?? ""));
  const lives = await op.runningJob("lives", program("forever"));
  await op.makeJob("deaf", program("ignores-term"), { timeouts: { stopGraceMs: 1_000 } });
  const deaf = await op.startReady("deaf");
  await op.makeJob("refused", program("forever"));
  await op.stop("deaf");
  const writer = new Database(join(server.dataDir, "unstuck.db"));
  const began = performance.now();
  writer.exec("BEGIN IMMEDIATE");
  await tell(fifos[0] ?? "", 5);
  await tell(fifos[1] ?? "", 0);
  expect(await server.api("POST", "/api/v1/jobs/refused/start")).toMatchObject({ status: 503 });
  expect(await server.api("POST", "/api/v1/jobs/lives/stop")).toMatchObject({
    status: 503,
    body: { code: "DATABASE_LOCKED" },
  });
  await until("30 s are over", async () => {
    expect((await server.api("GET", "/health")).status).toBe(200);
    expect((await op.run(lives.id)).state).toBe("running");
    return performance.now() - began > HELD_MS;
  });
  writer.close();
  expect(await op.over(five.id)).toMatchObject({ state: "failed", cause: "exit", exitCode: 5 });
  expect(await op.over(zero.id)).toMatchObject({ state: "completed", exitCode: 0 });
  expect(await op.over(deaf.id)).toMatchObject({ state: "stopped", cause: "stop", signal: "SIGKILL" });
  expect(await op.run(lives.id)).toMatchObject({ state: "running", pid: lives.pid });
  expect(await op.runsOf("refused")).toEqual([]);
  for (const { id } of [five, zero, deaf]) expect(processesOfRun(id)).toEqual([]);
});
