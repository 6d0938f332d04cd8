import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/progress.md"), "utf8");
const EXAMPLES = [...PAGE.matchAll(/<!-- example: (\S+) -->\n```\w+\n(.*?)```/gs)].map(([, name, code]) => ({
  name: name ?? "",
  code: code ?? "",
}));
const INTERPRETER: Readonly<Record<string, string>> = { sh: "/bin/sh", py: "python3", mjs: process.execPath };

test("there is an example of each way in each language", () => {
  const names = ["line", "file", "call"].flatMap((way) =>
    Object.keys(INTERPRETER).map((type) => `${way}.${type}`),
  );
  expect(EXAMPLES.map(({ name }) => name).sort()).toEqual(names.sort());
});

for (const { name, code } of EXAMPLES) {
  test(`the example ${name} of docs/progress.md reports what it says`, async () => {
    writeFileSync(join(op.cwd, name), code);
    const interpreter = INTERPRETER[name.split(".")[1] ?? ""] ?? "";
    await op.makeJob(name.replace(".", "-"), [interpreter, name]);
    const run = await op.over((await op.start(name.replace(".", "-"))).id);
    expect(run, await op.log(run.id)).toMatchObject({
      state: "completed",
      progress: { extracted: 120, skipped: 3, total: 2000, message: "page 40" },
    });
  });
}
