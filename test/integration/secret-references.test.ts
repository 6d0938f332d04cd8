import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { cleanUp, startServer, type TestServer } from "../server";

const IN_FILE = "zq7-from-a-file-1207";
const IN_ENVIRONMENT = "zq7-from-outside-8842";
/** In capitals, so that what is looked for below is found in no log. */
const SAYS = ["sh", "-c", 'echo "has $API_TOKEN and $DB_URL." | tr a-z A-Z'];

let op: Operator;
let server: TestServer;
const file = () => join(server.dataDir, "token");
beforeEach(async () => {
  server = await startServer({ env: { SHOP_DB_URL: IN_ENVIRONMENT } });
  op = operator(server);
  writeFileSync(file(), `${IN_FILE}\n`, { mode: 0o600 });
});
afterEach(async () => {
  await op.endAll();
  await cleanUp();
});

const places = () => ({ API_TOKEN: `file:${file()}`, DB_URL: "env:SHOP_DB_URL" });
const said = async (job = "vault") => {
  const { id } = await op.over((await op.start(job)).id);
  return String(await op.log(id)).trim();
};
const patch = async (change: object) => {
  const { version } = await op.call("GET", "/api/v1/jobs/vault", 200);
  return server.api("PATCH", "/api/v1/jobs/vault", { version, ...change });
};

/** Everything below the data folder but the file itself. */
function everywhere(folder = server.dataDir): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && join(folder, entry.name) !== file())
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? everywhere(path) : readFileSync(path, "latin1");
    })
    .join("\n");
}

test("a run gets what is in the file and in the dashboard's environment, as it is at its start, and nothing keeps it", async () => {
  await op.makeJob("vault", SAYS, { envFrom: places() });
  expect(await said()).toBe(`HAS ${IN_FILE} AND ${IN_ENVIRONMENT}.`.toUpperCase());
  writeFileSync(file(), "renewed");
  expect(await said()).toBe(`HAS RENEWED AND ${IN_ENVIRONMENT}.`.toUpperCase());
  expect(await op.call("GET", "/api/v1/jobs/vault", 200)).toMatchObject({
    envFrom: places(),
    envSecret: [],
    env: {},
  });
  const { variables } = await op.call("GET", "/api/v1/jobs/vault/environment", 200);
  expect(variables).toContainEqual({ name: "API_TOKEN", value: null, from: "reference", hidden: "secret" });
  for (const path of ["jobs/vault", "jobs/vault/environment", "runs?job=vault", "audit", "status"])
    expect(JSON.stringify(await op.call("GET", `/api/v1/${path}`, 200)), path).not.toMatch(/zq7-|renewed/);
  expect(everywhere()).not.toMatch(/zq7-/);
  expect(server.output()).not.toMatch(/zq7-/);
});

test("the secrets of a container are links, which are followed to where they lead now", async () => {
  for (const version of ["1", "2"]) {
    mkdirSync(join(server.dataDir, version));
    writeFileSync(join(server.dataDir, version, "token"), `version ${version}`);
  }
  rmSync(file());
  symlinkSync("1", join(server.dataDir, "..data"));
  symlinkSync("..data/token", file());
  await op.makeJob("vault", SAYS, { envFrom: places() });
  expect(await said()).toContain("HAS VERSION 1 ");
  symlinkSync("2", join(server.dataDir, "next"));
  renameSync(join(server.dataDir, "next"), join(server.dataDir, "..data"));
  expect(await said()).toContain("HAS VERSION 2 ");
});

test.each([
  ["is not there", (path: string) => rmSync(path), "which does not exist"],
  ["is a folder", (path: string) => [rmSync(path), mkdirSync(path)], "which is not a file"],
  [
    "is too long",
    (path: string) => writeFileSync(path, "zq7-".repeat(20_000)),
    "which is larger than 65536 bytes",
  ],
  ["is no text", (path: string) => writeFileSync(path, "zq7-\0"), "which is not text"],
])(
  "where the file %s the run fails with the place, and the program is not started",
  async (_, damage, why) => {
    await op.makeJob("vault", ["sh", "-c", "touch started"], { envFrom: places() });
    damage(file());
    const run = await op.over((await op.start("vault")).id);
    expect(run).toMatchObject({
      state: "failed",
      reason: expect.stringContaining(`API_TOKEN comes from ${file()}, ${why}`),
    });
    expect(JSON.stringify(run)).not.toContain("zq7-");
    expect(readdirSync(op.cwd)).not.toContain("started");
  },
);

test("a variable that the dashboard was not started with fails the run; after a restart with it, it is there", async () => {
  await op.makeJob("vault", SAYS, { envFrom: { API_TOKEN: "env:LATER" } });
  expect(await op.over((await op.start("vault")).id)).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("the variable LATER, which the dashboard was not started with"),
  });
  await server.kill();
  server = await startServer({ dataDir: server.dataDir, env: { LATER: "now" } });
  op = operator(server);
  expect(await said()).toBe("HAS NOW AND .");
});

test("what a program says last is without the values", async () => {
  await op.makeJob("vault", ["sh", "-c", 'echo "Error: $API_TOKEN was refused"; exit 3'], {
    envFrom: places(),
  });
  const run = await op.over((await op.start("vault")).id);
  expect(run.lastWords).toBe("Error: [hidden] was refused");
  // Also when the value was renewed while it ran.
  await op.makeJob(
    "renewed",
    ["sh", "-c", `echo new > '${file()}'; echo "Error: $API_TOKEN was refused"; exit 3`],
    {
      envFrom: places(),
    },
  );
  expect((await op.over((await op.start("renewed")).id)).lastWords).toBe("Error: [hidden] was refused");
});

test("nothing is shown of a run that an earlier dashboard launched with what cannot be read any more", async () => {
  const script = 'until [ -e end ]; do sleep 0.05; done; echo "Error: $API_TOKEN was refused"; exit 3';
  const { id } = await op.runningJob("adopted", ["sh", "-c", script], {
    envFrom: { API_TOKEN: `file:${file()}` },
  });
  await server.kill();
  rmSync(file());
  server = await startServer({ dataDir: server.dataDir });
  op = operator(server);
  writeFileSync(join(op.cwd, "end"), "");
  expect(await op.over(id)).toMatchObject({ state: "failed", exitCode: 3, lastWords: null });
});

test("a terminal gets them too", async () => {
  await op.makeJob("vault", ["true"], { envFrom: places() });
  const call = unstuck({ socketOf: server.dataDir }, ["exec", "vault", "--", ...SAYS], { cwd: op.cwd });
  expect((await call.ended).code, call.output()).toBe(0);
  expect(call.out()).toContain(`HAS ${IN_FILE.toUpperCase()} AND`);
});

test("a place that is none, and a variable with two places, are refused and change nothing", async () => {
  await op.makeJob("vault", SAYS, { env: { PLAIN: "1" }, envSecret: { HELD: "2" }, envFrom: places() });
  for (const envFrom of [
    { A: "/run/secrets/a" },
    { A: "file:relative" },
    { A: "env:UNSTUCK_AUTH" },
    { "A B": "env:X" },
    { UNSTUCK_URL: "env:X" },
    { PATH: "env:X" },
    { PLAIN: "env:X" },
    { HELD: "env:X" },
    [],
    "file:/a",
  ])
    expect(await patch({ envFrom }), JSON.stringify(envFrom)).toMatchObject({
      status: 400,
      body: { code: "INVALID_INPUT" },
    });
  expect(await patch({ env: { API_TOKEN: "3" } })).toMatchObject({ status: 400 });
  expect(await op.call("GET", "/api/v1/jobs/vault", 200)).toMatchObject({ version: 1, envFrom: places() });
  const moved = await patch({ envRemove: ["HELD"], envFrom: { HELD: `file:${file()}` } });
  expect(moved.body).toMatchObject({
    envSecret: [],
    env: { PLAIN: "1" },
    envFrom: { HELD: `file:${file()}` },
  });
});
