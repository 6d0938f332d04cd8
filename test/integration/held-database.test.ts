import { request as httpRequest } from "node:http";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

/** Another program in the middle of a write. */
function holdDatabase(): { letGo(): void } {
  const writer = new Database(join(server.dataDir, "unstuck.db"));
  writer.exec("BEGIN IMMEDIATE");
  return { letGo: () => writer.close() };
}

/** A client that sends its command and leaves before it is answered, once the server has surely heard it. */
async function sendAndLeave(path: string): Promise<void> {
  const sent = httpRequest(`${server.origin}${path}`, { method: "POST", agent: false });
  sent.on("error", () => {});
  sent.end();
  await until("it is sent", () => sent.writableFinished);
  for (let count = 0; count < 20; count += 1) await server.api("GET", "/health");
  sent.destroy();
}

test("CR-6.6 of clients that left while the database was held, the start is dropped and the stop carried out", async () => {
  const lives = await op.runningJob("lives", program("forever"));
  for (const job of ["left", "stays"]) await op.makeJob(job, program("forever"));
  const held = holdDatabase();
  await sendAndLeave("/api/v1/jobs/left/start");
  await sendAndLeave("/api/v1/jobs/lives/stop");
  const stays = server.api("POST", "/api/v1/jobs/stays/start");
  // What left must be known to have left before it comes to its turn.
  for (let count = 0; count < 20; count += 1) await server.api("GET", "/health");
  held.letGo();
  expect(await stays).toMatchObject({ status: 202 });
  expect(await op.over(lives.id)).toMatchObject({ state: "stopped", cause: "stop" });
  expect(await op.runsOf("left")).toEqual([]);
});

test("CR-6.6 forty commands at once over a held database are answered in the time of one", async () => {
  await op.makeJob("many", program("forever"));
  const held = holdDatabase();
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => server.api("POST", "/api/v1/jobs/many/start")),
  );
  const tookMs = performance.now() - began;
  held.letGo();
  expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(["DATABASE_LOCKED"]));
  expect(tookMs).toBeLessThan(15_000);
  expect(await op.runsOf("many")).toEqual([]);
});

test("CR-6.2 a restart whose successor meets a database that is held for 7 s starts it all the same", async () => {
  const { id } = await op.runningJob("restarts", program("forever"));
  await op.restart("restarts", { delayMs: 500 });
  await op.over(id);
  const held = holdDatabase();
  const began = performance.now();
  await until("7 s are over", () => performance.now() - began > 7_000);
  held.letGo();
  const words = async () => (await op.events(id)).map(({ type }: Answer) => type);
  await until("it is known what became of the restart", async () =>
    (await words()).some((type: string) => /^restart(ed|_failed)$/.test(type)),
  );
  expect(await words()).not.toContain("restart_failed");
  const [successor] = await op.runsOf("restarts");
  expect(await op.running(successor.id)).toMatchObject({ trigger: "restart" });
});
