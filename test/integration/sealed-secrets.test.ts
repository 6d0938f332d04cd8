import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { unstuck } from "../cli";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import {
  type Answer,
  cleanUp,
  newDataDir,
  type ServerOptions,
  startServer,
  type TestServer,
} from "../server";

const SECRET = "zq7-sealed-5561";
const SAYS = ["sh", "-c", "echo has $API_TOKEN | tr a-z A-Z"];
const HAS_IT = `HAS ${SECRET.toUpperCase()}`;

let op: Operator;
async function start(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  op = operator(server);
  return server;
}
afterEach(async () => {
  await op.endAll();
  await cleanUp();
});

const again = (server: TestServer, env: Record<string, string> = {}) =>
  start({ dataDir: server.dataDir, env });
const keyFile = ({ dataDir }: TestServer) => join(dataDir, "_secret-key");
const keys = (server: TestServer) => readFileSync(keyFile(server), "utf8").trim().split("\n");
const rows = ({ dataDir }: TestServer): Answer[] =>
  inDatabase(dataDir, (database) => database.prepare('SELECT * FROM "JobSecret" ORDER BY "name"').all());

async function vault(): Promise<void> {
  await op.makeJob("vault", SAYS, { envSecret: { API_TOKEN: SECRET } });
}

async function said(): Promise<string> {
  const { id } = await op.over((await op.start("vault")).id);
  return String(await op.log(id)).trim();
}

function bytes({ dataDir }: TestServer): string {
  const names = readdirSync(dataDir).filter((name) => name.startsWith("unstuck.db"));
  return names.map((name) => readFileSync(join(dataDir, name), "latin1")).join("");
}

test("another key seals everything again, is the only one left, and a run still gets the value", async () => {
  const server = await start();
  await vault();
  const [before] = keys(server);
  const [sealed] = rows(server);
  const call = unstuck({ socketOf: server.dataDir }, ["admin", "rotate-secret"], { cwd: op.cwd });
  expect((await call.ended).code, call.output()).toBe(0);
  expect(call.out()).toContain("one secret was sealed with it");
  expect(keys(server)).toHaveLength(1);
  expect(keys(server)).not.toContain(before);
  expect(statSync(keyFile(server)).mode & 0o777).toBe(0o600);
  expect(rows(server)[0].value).not.toBe(sealed.value);
  expect(await said()).toBe(HAS_IT);
  await server.kill();
  const next = await again(server);
  expect(await said()).toBe(HAS_IT);
  expect(bytes(next)).not.toContain(SECRET);
});

test("rotations asked for at once, while secrets are changed, lose none", async () => {
  const server = await start();
  await vault();
  const change = async () => {
    const { version } = await op.call("GET", "/api/v1/jobs/vault", 200);
    return op.call("PATCH", "/api/v1/jobs/vault", 200, {
      version,
      envSecret: { API_TOKEN: SECRET, OTHER: "x" },
    });
  };
  const rotate = () => server.api("POST", "/api/v1/secret-key/rotate");
  const [, ...rotated] = await Promise.all([change(), rotate(), rotate(), rotate(), rotate()]);
  expect(rotated.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(keys(server)).toHaveLength(1);
  expect(await said()).toBe(HAS_IT);
  await server.kill();
  await again(server);
  expect(await said()).toBe(HAS_IT);
});

test("the database and what lies beside it are for the dashboard's own user alone, also where they were not before", async () => {
  const server = await start();
  await vault();
  const modes = () =>
    readdirSync(server.dataDir)
      .filter((name) => name.startsWith("unstuck.db"))
      .map((name) => `${name} ${(statSync(join(server.dataDir, name)).mode & 0o777).toString(8)}`);
  const PRIVATE = ["unstuck.db 600", "unstuck.db-shm 600", "unstuck.db-wal 600"];
  expect(modes()).toEqual(PRIVATE);
  await server.kill();
  for (const name of ["unstuck.db", "unstuck.db-wal"]) chmodSync(join(server.dataDir, name), 0o644);
  await again(server);
  await op.makeJob("another", SAYS);
  expect(modes()).toEqual(PRIVATE);
});

test("a key file of one's own is never written to; a new line in front of it rotates at the next start", async () => {
  const dataDir = newDataDir();
  const [old, fresh] = [randomBytes(32), randomBytes(32)].map((key) => key.toString("base64"));
  const file = join(dataDir, "my-keys");
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${old}\n`, { mode: 0o600 });
  const env = { UNSTUCK_SECRET_KEY_FILE: file };
  const server = await start({ dataDir, env });
  await vault();
  expect((await server.api("POST", "/api/v1/secret-key/rotate")).body).toMatchObject({
    code: "SECRET_KEY_GIVEN",
  });
  expect(readFileSync(file, "utf8")).toBe(`${old}\n`);
  const [sealed] = rows(server);
  await server.kill();
  writeFileSync(file, `${fresh}\n${old}\n`);
  const both = await again(server, env);
  expect(rows(both)[0].value).not.toBe(sealed.value);
  await both.kill();
  writeFileSync(file, `${fresh}\n`);
  await again(server, env);
  expect(await said()).toBe(HAS_IT);
});

test("a lost key stops its jobs and nothing else: they say why, can be changed, and go on when it is back", async () => {
  const server = await start();
  await vault();
  await op.makeJob("plain", ["true"]);
  await server.kill();
  renameSync(keyFile(server), join(server.dataDir, "elsewhere"));
  const without = await again(server);
  const { id } = await op.over((await op.start("plain")).id);
  expect(await op.run(id)).toMatchObject({ state: "completed" });
  const failed = await op.over((await op.start("vault")).id);
  expect(failed).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("sealed with another key"),
  });
  // A rotation would have to forget keys; it is not finished while something cannot be opened.
  const rotated = await without.api("POST", "/api/v1/secret-key/rotate");
  expect(rotated).toMatchObject({ status: 503, body: { code: "SECRET_UNREADABLE" } });
  const { version } = await op.call("GET", "/api/v1/jobs/vault", 200);
  const changed = await op.call("PATCH", "/api/v1/jobs/vault", 200, { version, title: "Still here" });
  expect(changed).toMatchObject({ title: "Still here", envSecret: ["API_TOKEN"] });
  await without.kill();
  renameSync(join(server.dataDir, "elsewhere"), keyFile(server));
  const back = await again(server);
  expect(await said()).toBe(HAS_IT);
  await back.kill();
  // Set again, it needs no old key.
  writeFileSync(keyFile(server), `${randomBytes(32).toString("base64")}\n`);
  await again(server);
  const now = await op.call("GET", "/api/v1/jobs/vault", 200);
  await op.call("PATCH", "/api/v1/jobs/vault", 200, {
    version: now.version,
    envSecret: { API_TOKEN: SECRET },
  });
  expect(await said()).toBe(HAS_IT);
});

test("a value that is copied to another job does not open there", async () => {
  const server = await start();
  await vault();
  await op.makeJob("thief", SAYS, { envSecret: { API_TOKEN: "my own" } });
  const [{ value }] = rows(server).filter(({ jobId }) => jobId === "vault");
  await server.kill();
  inDatabase(server.dataDir, (database) =>
    database.prepare(`UPDATE "JobSecret" SET "value" = ? WHERE "jobId" = 'thief'`).run(value),
  );
  await again(server);
  const stolen = await op.over((await op.start("thief")).id);
  expect(stolen).toMatchObject({ state: "failed" });
  expect(await said()).toBe(HAS_IT);
});

test("a key file that is no key keeps the dashboard from coming up, and says what it expects", async () => {
  const dataDir = newDataDir();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, "_secret-key"), "not a key\n");
  const server = await startServer({ dataDir, ready: false });
  await expect
    .poll(async () => (await server.api("GET", "/health")).body)
    .toMatchObject({ supervisor: "failed", reason: expect.stringContaining("32 bytes in base64") });
  expect(readFileSync(join(dataDir, "_secret-key"), "utf8")).toBe("not a key\n");
  await server.kill();
  writeFileSync(join(dataDir, "_secret-key"), `${randomBytes(32).toString("base64")}\n`);
  await start({ dataDir });
});

test("only listed programs run: what is not is refused when it is saved and when it is launched, links included", async () => {
  const server = await start();
  const folder = join(server.dataDir, "allowed");
  mkdirSync(folder);
  writeFileSync(join(folder, "job.sh"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
  symlinkSync("/bin/sh", join(folder, "link"));
  await op.makeJob("older", ["sh", "-c", "echo ran"]);
  await server.kill();
  const listed = await again(server, { UNSTUCK_ALLOWED_COMMANDS: `${folder}/` });
  const make = (id: string, program: string) =>
    listed.api("POST", "/api/v1/jobs", { id, argv: [program], cwd: op.cwd });
  expect((await make("listed", join(folder, "job.sh"))).status).toBe(201);
  for (const [id, program] of [
    ["shell", "/bin/sh"],
    ["found", "sh"],
    ["linked", join(folder, "link")],
    ["around", `${folder}/../allowed/link`],
  ] as const)
    expect(await make(id, program)).toMatchObject({ status: 422, body: { code: "COMMAND_NOT_ALLOWED" } });
  expect(await listed.api("POST", "/api/v1/jobs/older/start")).toMatchObject({
    status: 422,
    body: { code: "COMMAND_NOT_ALLOWED" },
  });
  const { id } = await op.over((await op.start("listed")).id);
  expect(String(await op.log(id))).toBe("ran\n");
});
