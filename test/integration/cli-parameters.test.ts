import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { inTerminal, unstuck } from "../cli";
import { type Operator, operator } from "../operator";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;
const SECRET = "zq7-typed-unseen";
const SAYS = 'echo "$1 $2 $3"; echo key $UNSTUCK_PARAM_API_KEY | tr a-z A-Z; exit 1';

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
  await op.makeJob("shop", ["sh", "-c", SAYS, "sh", "shop={{shop}}", "{{pages}}", "{{fast?--fast}}"], {
    parameters: {
      type: "object",
      properties: {
        shop: { type: "string" },
        pages: { type: "integer", default: 3 },
        ratio: { type: "number" },
        fast: { type: "boolean", default: false },
        apiKey: { type: "string", format: "password" },
      },
      required: ["shop"],
    },
  });
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const cli = (...args: string[]) => unstuck({ socketOf: server.dataDir }, args, { cwd: op.cwd });
const newest = async () => (await op.runsOf("shop"))[0];
const logged = async () => String(await op.log((await newest()).id));

test("values are read as what the job declares, and the status shows what a run was given", async () => {
  const given = [
    "--param",
    "shop=a b=c",
    "--param",
    "pages=7",
    "--param",
    "ratio=1e-2",
    "--param",
    "fast=true",
  ];
  const called = cli("start", "shop", ...given, "--wait-over");
  expect((await called.ended).code, called.output()).toBe(1);
  expect((await newest()).parameters).toEqual({ shop: "a b=c", pages: 7, ratio: 0.01, fast: true });
  expect(await logged()).toContain("shop=a b=c 7 --fast\n");
  const status = cli("status", "shop");
  await status.ended;
  expect(status.out()).toMatch(/^parameters +shop="a b=c" pages=7 ratio=0.01 fast=true$/m);
});

test("a start says what the run was given", async () => {
  const called = cli("start", "shop", "--fresh", "--param", "shop=a");
  expect((await called.ended).code, called.output()).toBe(0);
  expect(called.out()).toMatch(/^run_\w{20} \w+, given shop=a pages=3 fast=false\n$/);
});

test("a secret comes from standard input, a line, and is nowhere on a command line", async () => {
  const called = cli("start", "shop", "--fresh", "--param", "shop=a", "--param", "apiKey=-", "--wait-over");
  called.process.stdin?.end(`${SECRET}\nand more\n`);
  expect((await called.ended).code, called.output()).toBe(1);
  expect(await logged()).toContain(`KEY ${SECRET.toUpperCase()}\n`);
  const status = cli("status", "shop");
  await status.ended;
  expect(status.out()).toContain("apiKey=(secret)");
  expect(status.output() + called.output()).not.toContain(SECRET);
});

test("at a terminal a secret is asked for, and not shown as it is typed", async () => {
  const line = "$UNSTUCK start shop --fresh --param shop=a --param apiKey=- --wait-over";
  const called = inTerminal({ socketOf: server.dataDir }, line, { cwd: op.cwd });
  await until("it asks", () => called.output().includes("apiKey:"));
  called.type(`${SECRET}\r`);
  expect((await called.ended).code, called.output()).toBe(1);
  expect(called.output()).not.toContain(SECRET);
  expect(await logged()).toContain(`KEY ${SECRET.toUpperCase()}\n`);
});

test.each([
  [["shop"], 64, "Expected --param NAME=VALUE"],
  [["shop=a", "shop=b"], 64, "found shop twice"],
  [["shop=a", "pages=many"], 64, 'Expected pages to be a whole number, found "many"'],
  [["shop=a", "pages=0x10"], 64, "Expected pages to be a whole number"],
  [["shop=a", "fast=yes"], 64, "Expected fast to be true or false"],
  [["shop=a", `apiKey=${SECRET}`], 64, "apiKey is a secret"],
  [["shop=a", "pages=1.5"], 64, "pages: expected a whole number, found 1.5"],
  [["shop=a", "colour=red"], 64, "colour is no parameter of this job; it has shop, pages"],
  [["pages=3"], 64, "shop is required"],
  [["shop=a", "apiKey=-"], 64, "found no line for it on standard input"],
])("%j is refused, and nothing is started", async (params, code, words) => {
  const before = await op.runsOf("shop");
  const called = cli("start", "shop", "--fresh", ...params.flatMap((param) => ["--param", param]));
  called.process.stdin?.end();
  expect((await called.ended).code, called.output()).toBe(code);
  expect(called.err()).toContain(words);
  expect(called.err()).not.toContain(SECRET);
  expect(await op.runsOf("shop")).toEqual(before);
});
