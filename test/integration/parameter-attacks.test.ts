import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oneServer } from "../one-server";

const its = oneServer();

const PARAMETERS = {
  type: "object",
  properties: {
    shop: { type: "string" },
    region: { type: "string", enum: ["north", "south"] },
    pages: { type: "integer" },
    apiKey: { type: "string", format: "password" },
  },
};
const VALUES = [
  "$(touch hacked)",
  "`touch hacked`",
  "'; touch hacked; '",
  '"; touch hacked; "',
  "a\ntouch hacked\n",
  "&& touch hacked",
  "| touch hacked",
  "{{pages}}",
  "%s%n",
  "../../etc/passwd",
  "Größe 🏪 \u202e漢",
];

let jobs = 0;
const named = () => {
  jobs += 1;
  return `attack${jobs}`;
};
const make = (argv: readonly string[], parameters: unknown = PARAMETERS) =>
  its.server.api("POST", "/api/v1/jobs", { id: named(), argv, cwd: its.op.cwd, parameters });

test("a value is data, whatever is in it: as an argument, as a variable, and as a variable that a shell quotes", async () => {
  const { op } = its;
  const id = named();
  const says = 'printf "<%s><%s>" "$1" "$UNSTUCK_PARAM_SHOP"';
  await op.makeJob(id, ["sh", "-c", says, "sh", "x{{shop}}"], { parameters: PARAMETERS });
  for (const shop of VALUES) {
    const run = await op.over((await op.start(id, { parameters: { shop } })).id);
    expect(run.state, shop).toBe("completed");
    expect(String(await op.log(run.id))).toBe(`<x${shop}><${shop}>`);
  }
  expect(existsSync(join(op.cwd, "hacked"))).toBe(false);
});

test("a job that would run free text as code is refused, with what to use instead", async () => {
  for (const argv of [
    ["sh", "-c", "crawl {{shop}}"],
    ["bash", "-lc", "crawl '{{shop}}'"],
    ["env", "A=1", "timeout", "9", "bash", "-ec", "crawl {{shop}}"],
    ["python3", "-c", "print('{{shop}}')"],
    ["node", "--eval", "crawl('{{shop}}')"],
    ["perl", "-e", "{{shop}}"],
    ["ssh", "host", "crawl {{shop}}"],
    ["find", ".", "-exec", "sh", "-c", "{{shop}}", ";"],
    ["env", "{{shop}}"],
  ]) {
    const answer = await make(argv);
    expect(answer, argv.join(" ")).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
    expect(answer.body.detail).toContain('use "$UNSTUCK_PARAM_SHOP" there instead');
  }
  expect((await make(["sh", "-c", "crawl {{region}} {{pages}}"])).status).toBe(201);
});

test("a password in the command, a place without a parameter, and the program as one are refused, also in a later change", async () => {
  for (const [argv, words] of [
    [["sh", "x", "--key={{apiKey}}"], "every user of the host can read command lines"],
    [["sh", "x", "{{colour}}"], "is no parameter of this job; it has shop, region, pages, apiKey"],
    [["{{region}}", "x"], "the program itself cannot be a parameter"],
  ] as const)
    expect((await make(argv)).body.detail).toContain(words);
  const { op, server } = its;
  const id = named();
  const job = await op.makeJob(id, ["sh", "x", "{{shop}}"], { parameters: PARAMETERS });
  const patch = (change: object) =>
    server.api("PATCH", `/api/v1/jobs/${id}`, { version: job.version, ...change });
  const { shop: _, ...others } = PARAMETERS.properties;
  for (const change of [
    { argv: ["sh", "-c", "crawl {{shop}}"] },
    { parameters: { ...PARAMETERS, properties: others } },
    { parameters: { ...PARAMETERS, properties: { shop: { type: "string", format: "password" } } } },
  ])
    expect(await patch(change)).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
  expect(await op.call("GET", `/api/v1/jobs/${id}`, 200)).toEqual(job);
  // Without parameters its braces are braces.
  expect((await patch({ parameters: null })).status).toBe(200);
});

test("a value that would be taken for an option is refused at the start", async () => {
  const { op, server } = its;
  const id = named();
  await op.makeJob(id, ["printf", "%s", "{{shop}}"], { parameters: PARAMETERS });
  for (const shop of ["-v", "--output=/etc/passwd", "-"]) {
    const answer = await server.api("POST", `/api/v1/jobs/${id}/start`, { parameters: { shop } });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: "PARAMETERS_REFUSED", details: { issues: [{ path: "shop" }] } },
    });
    expect(answer.body.detail).toContain('does not begin with "-"');
  }
  expect(await op.runsOf(id)).toEqual([]);
});

test("what is no description of parameters is refused at its place, and harms nothing", async () => {
  const of = (properties: unknown) => ({ type: "object", properties });
  const cases: [unknown, string][] = [
    [of({ shop: { type: "string", pattern: "^(a+)+$" } }), "parameters.properties.shop.pattern"],
    [of({ shop: { type: "string", $ref: "file:///etc/passwd" } }), "parameters.properties.shop.$ref"],
    [of({ shop: { type: "array" } }), "parameters.properties.shop.type"],
    [of({ a: { type: "string" }, A: { type: "string" } }), "parameters.properties.A"],
    [of({ aB: { type: "string" }, a_b: { type: "string" } }), "parameters.properties.a_b"],
    [of({ key: { type: "string", format: "password", default: "x" } }), "parameters.properties.key.default"],
    [of(JSON.parse('{"__proto__": {"type": "string"}}')), "parameters.properties.__proto__"],
    [
      of(Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`p${at}`, { type: "string" }]))),
      "parameters.properties",
    ],
    [
      of({ shop: { type: "string", description: "x".repeat(100_000) } }),
      "parameters.properties.shop.description",
    ],
    ["shop", "parameters"],
    [[], "parameters"],
  ];
  for (const [parameters, path] of cases) {
    const answer = await make(["sh", "x"], parameters);
    expect(answer, path).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
    expect(JSON.stringify(answer.body.details.issues)).toContain(path);
  }
  expect(({} as Record<string, unknown>).type).toBeUndefined();
  const fine = await make(
    ["sh", "x"],
    of({ constructor: { type: "string" }, hasOwnProperty: { type: "integer" } }),
  );
  expect(fine).toMatchObject({ status: 201 });
  expect(Object.keys(fine.body.parameters.properties)).toEqual(["constructor", "hasOwnProperty"]);
});

test("a name that every object has is given and kept like any other", async () => {
  const { op } = its;
  const id = named();
  await op.makeJob(id, ["sh", "-c", 'echo "$UNSTUCK_PARAM_CONSTRUCTOR"'], {
    parameters: {
      type: "object",
      properties: { constructor: { type: "string" } },
      required: ["constructor"],
    },
  });
  const refused = await its.server.api("POST", `/api/v1/jobs/${id}/start`, {});
  expect(refused).toMatchObject({ status: 422, body: { details: { issues: [{ path: "constructor" }] } } });
  const run = await op.over((await op.start(id, { parameters: { constructor: "built" } })).id);
  expect(String(await op.log(run.id))).toBe("built\n");
  expect(run.parameters).toEqual({ constructor: "built" });
});

test("a job's own variables cannot take the place of a parameter", async () => {
  const { op, server } = its;
  const env = { UNSTUCK_PARAM_SHOP: "mine" };
  const body = { id: named(), argv: ["true"], cwd: op.cwd, parameters: PARAMETERS };
  for (const more of [{ env }, { envSecret: env }, { envFrom: { UNSTUCK_PARAM_SHOP: "env:HOME" } }])
    expect((await server.api("POST", "/api/v1/jobs", { ...body, ...more })).status).toBe(400);
});
