import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { addressOf, everyAddress } from "../addresses";
import { unstuck } from "../cli";
import { inDatabase } from "../doctored";
import { type Operator, operator } from "../operator";
import { processesOfFolder } from "../processes";
import { type Answer, cleanUp, type ServerOptions, startServer, type TestServer } from "../server";
import { until } from "../until";

const SECRET = "zq7-parameter-3319";
const LOUD = SECRET.toUpperCase();
/** Says its secret so that it can be told from the secret itself. */
const SAYS = [
  "sh",
  "-c",
  "echo page 7 >state.json; echo has $UNSTUCK_PARAM_API_KEY | tr a-z A-Z; exec sleep 600",
];
const PARAMETERS = {
  type: "object",
  properties: {
    shop: { type: "string", default: "north" },
    apiKey: { type: "string", format: "password", writeOnly: true },
  },
  required: ["apiKey"],
};

let op: Operator;
async function start(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer({ env: { UNSTUCK_LOG_LEVEL: "trace" }, ...options });
  op = operator(server);
  return server;
}
afterEach(async () => {
  await op.endAll();
  await cleanUp();
});

const vault = (argv = SAYS) =>
  op.makeJob("vault", argv, { parameters: PARAMETERS, checkpoint: "state.json" });
const give = (more: object = {}) => op.start("vault", { parameters: { apiKey: SECRET }, ...more });

async function says(id: string): Promise<void> {
  await until(`${id} says that it has it`, async () => String(await op.log(id)).includes(`HAS ${LOUD}`));
}

function filesBelow(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return all.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

const holding = (server: TestServer) =>
  filesBelow(server.dataDir).filter((path) => readFileSync(path, "latin1").includes(SECRET));
const rows = ({ dataDir }: TestServer): Answer[] =>
  inDatabase(dataDir, (database) => database.prepare('SELECT * FROM "RunSecret" ORDER BY "runId"').all());

test("a secret parameter's value appears nowhere but in its program: in no answer, page, command, log line, file or command line", async () => {
  const server = await start();
  await vault();
  const first = await give();
  expect(first).toMatchObject({
    parameters: { shop: "north", apiKey: true },
    parametersSecret: ["apiKey"],
  });
  await says(first.id);
  const texts: string[] = [JSON.stringify(first)];
  await op.stop("vault", { graceMs: 0 });
  await op.over(first.id);
  for (const parameters of [
    { apiKey: `${SECRET}\0` },
    { apiKey: SECRET, shop: 3 },
    { apiKey: [SECRET] },
    { apiKey: SECRET.repeat(1_000) },
  ]) {
    const refused = await server.api("POST", "/api/v1/jobs/vault/start", { parameters, mode: "fresh" });
    expect(refused).toMatchObject({ status: 422, body: { code: "PARAMETERS_REFUSED" } });
    texts.push(JSON.stringify(refused.body));
  }
  const differs = await server.api("POST", "/api/v1/jobs/vault/start", { parameters: { apiKey: "x" } });
  expect(differs).toMatchObject({ status: 409, body: { code: "PARAMETERS_DIFFER" } });
  texts.push(JSON.stringify(differs.body));
  const second = await op.start("vault", { mode: "resume", parameters: { apiKey: SECRET } });
  await says(second.id);

  const ids = { job: "vault", run: second.id, plan: "plan_x", stray: "1-1", alert: "x", name: "job:vault" };
  for (const { pattern } of everyAddress().filter((one) => !one.pattern.includes("..."))) {
    const { body, headers } = await server.api("GET", addressOf(pattern, ids));
    texts.push(`${JSON.stringify(body)} ${JSON.stringify([...headers])}`);
  }
  const exported = await server.api("GET", "/api/v1/audit/export");
  expect(JSON.stringify(exported.body)).toContain("apiKey");
  for (const args of [["status", "vault"], ["runs"], ["env", "vault"], ["status", "vault", "--json"]]) {
    const cli = unstuck(server, args, { cwd: op.cwd });
    await cli.ended;
    texts.push(cli.output());
  }
  const commands = processesOfFolder(server.dataDir).map(({ command }) => command);
  expect(commands.length).toBeGreaterThan(0);
  const found = [
    ...[...texts, ...commands, server.output()].filter((text) => text.includes(SECRET)),
    ...holding(server),
  ];
  expect(found).toEqual([]);
  expect(rows(server)).toHaveLength(2);
});

test("what a run says last has the secret hidden, also after the dashboard was killed", async () => {
  const server = await start();
  const dies = [
    "sh",
    "-c",
    'while ! test -e die; do sleep 0.05; done; echo "Error: bad key $UNSTUCK_PARAM_API_KEY"; exit 1',
  ];
  await vault(dies);
  const { id } = await op.running((await give()).id);
  await server.kill();
  await start({ dataDir: server.dataDir });
  writeFileSync(join(op.cwd, "die"), "");
  expect(await op.over(id)).toMatchObject({ lastWords: "Error: bad key [hidden]" });
});

test("rotation seals it again under the new key alone; the run is repeated with it, and a kill loses nothing", async () => {
  const server = await start();
  await vault();
  const { id } = await give();
  await says(id);
  const [sealed] = rows(server);
  const call = unstuck({ socketOf: server.dataDir }, ["admin", "rotate-secret"], { cwd: op.cwd });
  expect((await call.ended).code, call.output()).toBe(0);
  expect(call.out()).toContain("one secret was sealed with it");
  expect(rows(server)[0].value).not.toBe(sealed.value);
  await server.kill();
  await start({ dataDir: server.dataDir });
  await op.restart("vault", { delayMs: 0 });
  const next = await until("another run", async () =>
    (await op.runsOf("vault")).find((run: Answer) => run.id !== id && run.state === "running"),
  );
  await says(next.id);
  expect(holding(server)).toEqual([]);
});

test("a lost key refuses to repeat the run in words, and starting over with the value works", async () => {
  const server = await start();
  await vault();
  const { id } = await give();
  await says(id);
  await op.stop("vault", { graceMs: 0 });
  await op.over(id);
  await server.kill();
  const key = join(server.dataDir, "_secret-key");
  renameSync(key, join(server.dataDir, "elsewhere"));
  const without = await start({ dataDir: server.dataDir });
  for (const call of ["restart", "start"])
    expect(await without.api("POST", `/api/v1/jobs/vault/${call}`, {})).toMatchObject({
      status: 503,
      body: {
        code: "SECRET_UNREADABLE",
        detail: expect.stringContaining(`The value of apiKey that run ${id} was given`),
      },
    });
  await says((await give({ mode: "fresh" })).id);
  await op.stop("vault", { graceMs: 0 });
  await until("it is over", async () => (await op.status("vault")).running === false);
  await without.kill();
  // Put back in front, both open what they have sealed.
  const both = `${readFileSync(join(server.dataDir, "elsewhere"), "utf8")}${readFileSync(key, "utf8")}`;
  writeFileSync(key, both);
  await start({ dataDir: server.dataDir });
  await says((await op.start("vault", { mode: "resume" })).id);
});

test("a value that is copied to another run does not open there, and goes with its run", async () => {
  const server = await start();
  await vault(["sh", "-c", "exit 1"]);
  const [mine, other] = [
    (await op.over((await give()).id)).id,
    (await op.over((await give({ mode: "fresh" })).id)).id,
  ];
  await server.kill();
  inDatabase(server.dataDir, (database) => {
    const { value } = database
      .prepare('SELECT "value" FROM "RunSecret" WHERE "runId" = ?')
      .get(mine) as Answer;
    database.prepare('UPDATE "RunSecret" SET "value" = ? WHERE "runId" = ?').run(value, other);
  });
  const next = await start({ dataDir: server.dataDir });
  expect(await next.api("POST", "/api/v1/jobs/vault/restart", {})).toMatchObject({
    status: 503,
    body: { code: "SECRET_UNREADABLE" },
  });
  await op.call("DELETE", "/api/v1/jobs/vault", 204);
  await until("its secrets are gone", () => rows(server).length === 0);
});
