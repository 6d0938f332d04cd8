import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { folderContent } from "../folder-content";
import { operator } from "../operator";
import { processesOfFolder } from "../processes";
import { program } from "../programs";
import { cleanUp, failingStart, newDataDir, ONE_CALL, startServer, type TestServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

/** A data folder with one job in it, of a server that has ended in good order. */
async function usedFolder(): Promise<string> {
  const server = await startServer();
  await operator(server).makeJob("kept", program("forever"));
  expect(await server.stop()).toBe(0);
  return server.dataDir;
}

/** The data folder without what merely looking at it makes: the file that is its lock, SQLite's empty log and its index. */
function contentOf(dataDir: string) {
  return folderContent(dataDir, /^(instance\.lock|unstuck\.db-(wal|shm))/);
}

/** The server is up and says why it can do nothing: reading and commanding alike. */
async function expectUnavailable(server: TestServer, code: string): Promise<string> {
  const health = await until("the failure is known", async () => {
    const answer = await server.api("GET", "/health");
    return answer.body.supervisor === "failed" ? answer : null;
  });
  expect(health).toMatchObject({ status: 503, body: { status: "unavailable", code, runsWatched: 0 } });
  expect(health.body.reason).toMatch(/^[A-Z].*\.$/s);
  for (const [method, path] of [
    ["POST", "/api/v1/jobs/kept/start"],
    ["POST", "/api/v1/stop-all"],
    ["GET", "/api/v1/jobs"],
    ["GET", "/api/v1/status"],
  ] as const) {
    const answer = await server.api(method, path);
    expect(answer, `${method} ${path}`).toMatchObject({ status: 503, body: { code } });
    expect(answer.body.detail).toBe(health.body.reason);
  }
  expect((await fetch(server.origin, { redirect: "manual", headers: ONE_CALL })).status).toBeLessThan(600);
  expect(processesOfFolder(server.dataDir).map(({ pid }) => pid)).toEqual([server.pid]);
  return health.body.reason;
}

const DAMAGES: readonly [string, (file: string) => void, string][] = [
  [
    "a database that is text",
    (file) => writeFileSync(file, "this is not a database, it is a letter\n".repeat(50)),
    "DATABASE_CORRUPT",
  ],
  ["a database with a torn page", tearPages, "DATABASE_CORRUPT"],
  ["a database of a newer Unstuck", addNewerMigration, "DATABASE_NEWER"],
  ["a database of another program", replaceByForeign, "DATABASE_UNUSABLE"],
];

for (const [what, damage, code] of DAMAGES) {
  test(`${what} is left as it is, and every call says so with 503`, async () => {
    const dataDir = await usedFolder();
    damage(join(dataDir, "unstuck.db"));
    const before = contentOf(dataDir);
    const server = await startServer({ dataDir, ready: false });
    await expectUnavailable(server, code);
    expect(await server.stop()).toBe(0);
    expect(contentOf(dataDir)).toEqual(before);
  });
}

test("a database that another program holds is waited for: 503 until it lets go, then ready by itself", async () => {
  const dataDir = await usedFolder();
  const holder = new Database(join(dataDir, "unstuck.db"));
  holder.pragma("locking_mode = EXCLUSIVE");
  holder.exec("BEGIN EXCLUSIVE");
  const server = await startServer({ dataDir, ready: false });
  await expectUnavailable(server, "DATABASE_LOCKED");
  holder.exec("COMMIT");
  holder.close();
  await until("it is ready", async () => (await server.api("GET", "/health")).status === 200);
  await operator(server).call("GET", "/api/v1/jobs/kept", 200);
  expect(await server.stop()).toBe(0);
});

test("a database that another program is writing to is waited for as well", async () => {
  const dataDir = await usedFolder();
  const writer = new Database(join(dataDir, "unstuck.db"));
  writer.exec("BEGIN IMMEDIATE");
  const server = await startServer({ dataDir, ready: false });
  await expectUnavailable(server, "DATABASE_LOCKED");
  writer.exec("ROLLBACK");
  writer.close();
  await until("it is ready", async () => (await server.api("GET", "/health")).status === 200);
  expect(await server.stop()).toBe(0);
});

test("a second dashboard on a data folder does nothing, names the first, and takes over when that is killed", async () => {
  const first = await startServer();
  const op = operator(first);
  const run = await op.runningJob("shared", program("forever"));
  const second = await startServer({ dataDir: first.dataDir, ready: false });
  const health = await until("it has seen the other", async () => {
    const answer = await second.api("GET", "/health");
    return answer.body.code === "DATA_FOLDER_IN_USE" ? answer : null;
  });
  expect(health).toMatchObject({ status: 503 });
  expect(health.body.reason).toContain(`pid ${first.pid}, ${first.origin}`);
  expect(await second.api("POST", "/api/v1/jobs/shared/start")).toMatchObject({ status: 503 });
  expect(await second.api("POST", "/api/v1/stop-all")).toMatchObject({ status: 503 });
  expect(await op.run(run.id)).toMatchObject({ state: "running" });
  await first.kill();
  await until("the second is ready", async () => (await second.api("GET", "/health")).status === 200);
  const later = operator(second);
  expect(await later.run(run.id)).toMatchObject({ state: "running", pid: run.pid });
  await later.stop("shared");
  expect(await later.over(run.id)).toMatchObject({ state: "stopped" });
  expect(await second.stop()).toBe(0);
});

test("a start that cannot listen or keep data ends with code 1 and one sentence", async () => {
  const busy = createServer();
  const port = await new Promise<number>((resolve) => {
    busy.listen(0, "127.0.0.1", () => resolve((busy.address() as { port: number }).port));
  });
  const folder = newDataDir();
  const file = join(folder, "a-file");
  writeFileSync(file, "precious\n");
  mkdirSync(join(folder, "untouched"));
  const cases: readonly [Parameters<typeof failingStart>[0], RegExp][] = [
    [{ port }, new RegExp(`^Port ${port} on 127.0.0.1 is in use by another program\\.`)],
    [{ env: { PORT: "abc" } }, /^PORT: expected a number from 0 to 65535, found "abc"\./],
    [{ env: { PORT: "65536" } }, /^PORT: expected a number/],
    [{ env: { HOST: "0.0.0.0" } }, /^UNSTUCK_AUTH: off is for this machine alone, and HOST=0\.0\.0\.0 opens/],
    [{ dataDir: file }, /^The data folder .*a-file is a file\./],
    [{ dataDir: join(file, "below") }, /^The data folder .* cannot be written/],
  ];
  for (const [options, sentence] of cases) {
    const { code, output } = await failingStart(options);
    expect(output).toMatch(sentence);
    expect([code, output.trim().split("\n").length]).toEqual([1, 1]);
  }
  await new Promise((resolve) => busy.close(resolve));
  expect(Object.keys(folderContent(folder))).toEqual(["a-file", "untouched"]);
});

function tearPages(file: string): void {
  const database = new Database(file);
  database.pragma("wal_checkpoint(TRUNCATE)");
  const size =
    Number(database.pragma("page_size", { simple: true })) *
    Number(database.pragma("page_count", { simple: true }));
  database.close();
  writeFileSync(file, Buffer.alloc(size - 4_096, 0xab), { flag: "r+" });
}

function addNewerMigration(file: string): void {
  const database = new Database(file);
  database.exec(
    "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) " +
      "VALUES ('x', 'y', 1, '29990101000000_from_the_future', 1, 1)",
  );
  database.close();
}

function replaceByForeign(file: string): void {
  const database = new Database(file);
  database.pragma("foreign_keys = OFF");
  for (const name of database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all())
    database.exec(`DROP TABLE "${name}"`);
  database.exec("CREATE TABLE recipes (id INTEGER)");
  database.close();
}
