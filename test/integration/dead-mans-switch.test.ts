import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, expect, test } from "vitest";
import { operator } from "../operator";
import { cleanUp, newDataDir, startServer } from "../server";
import { until } from "../until";

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});
afterAll(cleanUp);

/** A monitor that answers as it is told to. */
async function monitor() {
  const state = { status: 200, pings: [] as string[] };
  const server = createServer(({ method, url }, answer) => {
    state.pings.push(`${method} ${url}`);
    answer.writeHead(state.status).end("OK");
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  ended.push(
    () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/very-secret`;
  const more = async (what: string) => {
    const before = state.pings.length;
    await until(what, () => state.pings.length > before + 1);
  };
  return { state, url, more };
}

const EVERY_SECOND = { UNSTUCK_PING_EVERY_MS: "1000" };

test("a monitor is pinged while the dashboard works, whatever becomes of jobs, and hears nothing of a dead one", async () => {
  const { state, url, more } = await monitor();
  const server = await startServer({ env: { ...EVERY_SECOND, UNSTUCK_PING_URL: url } });
  await more("pings come");
  expect(new Set(state.pings)).toEqual(new Set(["GET /ping/very-secret"]));
  const op = operator(server);
  await op.makeJob("fails", ["false"]);
  await op.over((await op.start("fails")).id);
  await more("a job that fails stops none");

  state.status = 500;
  await until("it is said that they fail", () => server.output().includes('"ping.failed"'));
  state.status = 200;
  await until("and that they arrive again", () => server.output().includes('"ping.again"'));
  expect(server.output().match(/"ping\.failed"/g)).toHaveLength(1);
  expect(server.output()).not.toContain("very-secret");

  await server.kill();
  const heard = state.pings.length;
  // It is told no address, so whatever came would be of the dead one.
  const next = await startServer({ dataDir: server.dataDir });
  expect(state.pings).toHaveLength(heard);
  await next.kill();
});

test("none is sent while the database cannot be written", async () => {
  const { state, url, more } = await monitor();
  const dataDir = newDataDir();
  const server = await startServer({ dataDir, env: { ...EVERY_SECOND, UNSTUCK_PING_URL: url } });
  await more("pings come");
  const writer = new Database(join(dataDir, "unstuck.db"));
  ended.push(async () => void writer.close());
  writer.exec("BEGIN IMMEDIATE");
  await until("it is withheld", () => server.output().includes('"ping.withheld"'));
  expect(server.output(), "before the supervisor is missed, too").toContain("the database does not answer");
  const heard = state.pings.length;
  // Takes longer than several pings would.
  const refused = await server.api("POST", "/api/v1/holds", { on: "all", reason: "The database is locked." });
  expect(refused).toMatchObject({ status: 503, body: { code: "DATABASE_LOCKED" } });
  expect(state.pings).toHaveLength(heard);
  writer.exec("ROLLBACK");
  await more("they come again");
  expect(server.output()).toContain('"ping.again"');
});
