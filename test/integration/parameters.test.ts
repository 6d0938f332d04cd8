import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { firstAdmin, newPerson, type Person, withToken } from "../people";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Says its arguments and parameters, saves a checkpoint, and then does what the file `do` says. */
const PROGRAM = `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const given = Object.entries(process.env).filter(([name]) => name.startsWith("UNSTUCK_PARAM_")).sort();
console.log(JSON.stringify({ argv: process.argv.slice(2), given: Object.fromEntries(given), resume: process.env.UNSTUCK_RESUME ?? null }));
writeFileSync("state.json", JSON.stringify({ page: 7 }));
process.on("SIGTERM", () => process.exit(143));
setInterval(() => existsSync("do") && process.exit(Number(readFileSync("do", "utf8"))), 20);
`;
const PARAMETERS = {
  type: "object",
  properties: {
    shop: { type: "string", title: "Shop" },
    pages: { type: "integer", minimum: 1, default: 3 },
    fast: { type: "boolean", default: false },
    since: { type: "string", format: "date" },
    region: { type: "string", enum: ["north", "south"], default: "north" },
  },
  required: ["shop"],
};

let server: TestServer;
let op: Operator;
let admin: Person;
let ben: Person;
let vera: Person;
let program: string;
let jobs = 0;
let job = "";

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_AUTH: "", UNSTUCK_RECOVERY_BASE_MS: "0" } });
  op = operator(server);
  admin = await firstAdmin(server);
  ben = await newPerson(server, admin, { name: "ben", role: "operator" });
  vera = await newPerson(server, admin, { name: "vera", role: "viewer" });
});
beforeEach(async () => {
  await op.endAll();
  jobs += 1;
  job = `shop${jobs}`;
  program = join(server.dataDir, `${job}.cjs`);
  writeFileSync(program, PROGRAM);
});
afterAll(async () => {
  await op.endAll();
  await cleanUp();
});

const ARGV = [
  "--shop={{shop}}",
  "{{pages}}",
  "{{fast?--fast}}",
  "--since={{since}}",
  "--region",
  "{{region}}",
];

function make(more: Record<string, unknown> = {}, argv: readonly string[] = ARGV) {
  return op.makeJob(job, [process.execPath, program, ...argv], {
    parameters: PARAMETERS,
    checkpoint: "state.json",
    cwd: folder(),
    ...more,
  });
}

const folder = () => {
  const path = join(server.dataDir, `${job}-work`);
  mkdirSync(path, { recursive: true });
  return path;
};
const end = (code: number) => writeFileSync(join(folder(), "do"), String(code));
const again = () => rmSync(join(folder(), "do"), { force: true });

const start = (who: Person, body: unknown) => who.api("POST", `/api/v1/jobs/${job}/start`, body);

async function told(id: string): Promise<Answer> {
  return until(`${id} has told`, async () => {
    const [line = ""] = String(await op.log(id)).split("\n");
    return line.startsWith("{") ? JSON.parse(line) : null;
  });
}

test("an operator gives parameters: the program has them as arguments and as variables, and the run shows them", async () => {
  await make();
  const parameters = { shop: "Größe & 'Söhne' $(id)", pages: 7, fast: true, since: "2026-11-29" };
  const { status, body } = await start(ben, { parameters });
  expect(status, JSON.stringify(body)).toBe(202);
  const all = { ...parameters, region: "north" };
  expect(body.run).toMatchObject({ parameters: all, parametersSecret: [], parametersBefore: null, args: [] });
  const argv = [`--shop=${parameters.shop}`, "7", "--fast", "--since=2026-11-29", "--region", "north"];
  expect(await told(body.run.id)).toEqual({
    argv,
    given: {
      UNSTUCK_PARAM_SHOP: parameters.shop,
      UNSTUCK_PARAM_PAGES: "7",
      UNSTUCK_PARAM_FAST: "true",
      UNSTUCK_PARAM_SINCE: "2026-11-29",
      UNSTUCK_PARAM_REGION: "north",
    },
    resume: null,
  });
  expect((await op.run(body.run.id)).argv.slice(2)).toEqual(argv);
  const { items } = await op.call("GET", `/api/v1/audit?job=${job}&action=run.start_requested`, 200);
  expect(items[0]).toMatchObject({ actor: "ben", details: { parameters: all } });
  // A viewer reads them, as arguments.
  expect((await vera.api("GET", `/api/v1/runs/${body.run.id}`)).body.parameters).toEqual(all);
});

test("what is left out has its default; what has none is left out of the command whole", async () => {
  await make();
  const { body } = await start(ben, { parameters: { shop: "a" } });
  expect(await told(body.run.id)).toEqual({
    argv: ["--shop=a", "3", "--region", "north"],
    given: {
      UNSTUCK_PARAM_SHOP: "a",
      UNSTUCK_PARAM_PAGES: "3",
      UNSTUCK_PARAM_FAST: "false",
      UNSTUCK_PARAM_REGION: "north",
    },
    resume: null,
  });
});

test("a viewer gives none, an operator no arguments, an admin both", async () => {
  await make();
  const parameters = { shop: "a" };
  expect(await start(vera, { parameters })).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
  expect(await start(ben, { parameters, args: ["--x"] })).toMatchObject({
    status: 403,
    body: { code: "NOT_ALLOWED", details: { needed: "admin" } },
  });
  const scoped = await withToken(server, admin, {
    name: job,
    grants: [{ role: "operator", on: `job:${job}` }],
  });
  expect(await op.runsOf(job)).toEqual([]);
  const first = await scoped.api("POST", `/api/v1/jobs/${job}/start`, { parameters });
  expect(first.status).toBe(202);
  await told(first.body.run.id);
  end(0);
  await op.over(first.body.run.id);
  again();
  const both = await start(admin, { parameters, args: ["{{shop}}"] });
  expect((await told(both.body.run.id)).argv.at(-1)).toBe("{{shop}}");
  expect((await ben.api("GET", `/api/v1/jobs/${job}`)).body.parameters).toEqual(PARAMETERS);
});

test("every problem of a start is an issue, and nothing is started", async () => {
  await make();
  const cases: [unknown, string[]][] = [
    [undefined, ["shop"]],
    [{}, ["shop"]],
    [{ parameters: {} }, ["shop"]],
    [{ parameters: { shop: "a", shopp: "b", Shop: "c" } }, ["shopp", "Shop"]],
    [
      { parameters: { shop: 3, pages: "3", fast: "yes", since: "2026-02-30", region: "west" } },
      ["shop", "pages", "fast", "since", "region"],
    ],
    [{ parameters: { shop: "a\0b" } }, ["shop"]],
    [{ parameters: { shop: "a\u001b]0;x\u0007" } }, ["shop"]],
    [{ parameters: { shop: ["a"] } }, ["shop"]],
    [{ parameters: { shop: { toString: "a" } } }, ["shop"]],
    [{ parameters: { shop: null } }, ["shop"]],
    [{ parameters: { shop: "x".repeat(4_001) } }, ["shop"]],
    [{ parameters: { shop: "a", pages: 0 } }, ["pages"]],
    [{ parameters: { shop: "a", pages: 2 ** 53 } }, ["pages"]],
    [
      { parameters: JSON.parse('{"shop": "a", "__proto__": {"polluted": true}, "constructor": "b"}') },
      ["__proto__", "constructor"],
    ],
  ];
  for (const [body, paths] of cases) {
    const answer = await start(ben, body);
    expect(answer, JSON.stringify(answer.body)).toMatchObject({
      status: 422,
      body: { code: "PARAMETERS_REFUSED" },
    });
    expect(
      answer.body.details.issues.map(({ path }: Answer) => path),
      JSON.stringify(body),
    ).toEqual(paths);
  }
  for (const parameters of [[], "shop=a", 3, null])
    expect(await start(ben, { parameters })).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
  expect(await op.runsOf(job)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a resume, a restart and automatic recovery keep the values; other ones are refused, equal ones pass", async () => {
  await make({ autoRecover: true });
  const parameters = { shop: "a", pages: 5 };
  const first = (await start(ben, { parameters })).body.run;
  await told(first.id);
  const restarted = await ben.api("POST", `/api/v1/jobs/${job}/restart`, { delayMs: 0 });
  expect(restarted.status).toBe(202);
  const newest = () =>
    until("another run", async () =>
      (await op.runsOf(job)).find(({ id, state }: Answer) => id !== first.id && state === "running"),
    );
  const second = await newest();
  const kept = { argv: ["--shop=a", "5", "--region", "north"] };
  expect(await told(second.id)).toMatchObject(kept);
  expect(second.parametersBefore).toMatchObject({ run: first.id, how: "same" });
  end(1);
  await op.over(second.id);
  again();
  const third = await until("recovery has started it", async () =>
    (await op.runsOf(job)).find(
      ({ trigger, state }: Answer) => trigger === "recovery" && state === "running",
    ),
  );
  expect(await told(third.id)).toMatchObject({ ...kept, resume: "1" });
  await op.stop(job, { graceMs: 0 });
  await op.over(third.id);
  for (const mode of ["auto", "resume"]) {
    const other = await start(ben, { mode, parameters: { shop: "b" } });
    expect(other).toMatchObject({
      status: 409,
      body: { code: "PARAMETERS_DIFFER", details: { differ: ["shop"] } },
    });
    expect(other.body.detail).toContain("stopped half-way with shop=a");
  }
  const resumed = (await start(ben, { mode: "resume", parameters: { pages: 5 } })).body.run;
  expect(await told(resumed.id)).toMatchObject({ ...kept, resume: "1" });
  await op.stop(job, { graceMs: 0 });
  await op.over(resumed.id);
  const fresh = (await start(ben, { mode: "fresh", parameters: { shop: "b" } })).body.run;
  expect(fresh.parametersBefore).toEqual({ run: resumed.id, how: "changed", changed: ["shop", "pages"] });
  expect(await told(fresh.id)).toMatchObject({ argv: ["--shop=b", "3", "--region", "north"], resume: null });
});

test("a job that declares something else by now refuses to repeat what does not fit, by a person and by itself", async () => {
  await make({ autoRecover: true });
  const first = (await start(ben, { parameters: { shop: "a", pages: 50 } })).body.run;
  await told(first.id);
  const { version } = await op.call("GET", `/api/v1/jobs/${job}`, 200);
  const properties = { ...PARAMETERS.properties, pages: { type: "integer", maximum: 9 } };
  await op.call("PATCH", `/api/v1/jobs/${job}`, 200, { version, parameters: { ...PARAMETERS, properties } });
  // One that runs is not stopped for another that could not start.
  const restart = await ben.api("POST", `/api/v1/jobs/${job}/restart`, {});
  expect(restart).toMatchObject({ status: 422, body: { code: "PARAMETERS_REFUSED" } });
  expect(await op.run(first.id)).toMatchObject({ state: "running" });
  end(1);
  await op.over(first.id);
  again();
  const why = await until("recovery says why", async () => {
    const { reason } = await op.call("GET", `/api/v1/jobs/${job}/recovery`, 200);
    return String(reason).includes("pages: expected at most 9, found 50") ? String(reason) : null;
  });
  expect(why).toContain(`What run ${first.id} was given does not fit`);
  expect(await op.runsOf(job)).toHaveLength(1);
  const resume = await start(ben, { mode: "resume" });
  expect(resume).toMatchObject({ status: 422, body: { code: "PARAMETERS_REFUSED" } });
});

test("a kill of the dashboard in between loses no value: the next one goes on with them", async () => {
  await make({ resumeAfterShutdown: true });
  const { id } = (await start(ben, { parameters: { shop: "a", pages: 5 } })).body.run;
  await told(id);
  await server.kill();
  server = await startServer({
    dataDir: server.dataDir,
    port: Number(new URL(server.origin).port),
    env: { UNSTUCK_AUTH: "", UNSTUCK_RECOVERY_BASE_MS: "0" },
  });
  op = operator(server);
  expect(await op.run(id)).toMatchObject({ state: "running", parameters: { shop: "a", pages: 5 } });
  const restart = await ben.api("POST", `/api/v1/jobs/${job}/restart`, { delayMs: 0 });
  expect(restart.status).toBe(202);
  const next = await until("another run", async () =>
    (await op.runsOf(job)).find((run: Answer) => run.id !== id && run.state === "running"),
  );
  expect(await told(next.id)).toMatchObject({ argv: ["--shop=a", "5", "--region", "north"] });
});

test("a job as it was before has braces that are braces, and takes no parameters", async () => {
  await op.makeJob(job, [process.execPath, program, "{{shop}}", "{{{{"], { cwd: folder() });
  const refused = await start(ben, { parameters: { shop: "a" } });
  expect(refused).toMatchObject({ status: 422, body: { code: "PARAMETERS_REFUSED" } });
  const { body } = await start(ben, {});
  expect(await told(body.run.id)).toEqual({ argv: ["{{shop}}", "{{{{"], given: {}, resume: null });
  expect(readFileSync(program, "utf8")).toBe(PROGRAM);
});
