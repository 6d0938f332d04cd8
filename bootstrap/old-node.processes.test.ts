import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { bringNode } from "./bring.mjs";

/** A Node that is long out of support, really from the registry: the bootstrap has to run under it, and nothing else may. */
const OLD = {
  version: "18.20.8",
  integrity: {
    x64: "sha512-JWUTwZ9vMOjZXMtiBc74OZn12DXb4skKfY4Nlyc17Ss8BTaxjwkXAw6xZb0Ck5afUYU/neBbrHjo9O3baF34ww==",
    arm64: "sha512-xTMJYtLdLjIimh8zRpgUDFsNknLP72AT/QWEQmeyDOM1/Gqj/GZn/MlbA+zWSjSMBxQscYvgFpq3qERMEcFEUA==",
  },
};
const root = join(import.meta.dirname, "..");
let old: string;
beforeAll(async () => {
  old = await bringNode(OLD, {
    folder: join(root, ".node"),
    say: () => undefined,
    npmrc: join(root, ".npmrc"),
  });
}, 300_000);

async function underOld(args: readonly string[], env: Record<string, string> = {}) {
  const child = startChild(old, args, {
    cwd: root,
    stdio: "pipe",
    env: { UNSTUCK_NODE: process.execPath, UNSTUCK_QUIET: "", ...env },
  });
  let printed = "";
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const closed = new Promise((done) => child.process.once("close", done));
  const { code } = await child.ended;
  await closed;
  return { code, printed };
}

test("under Node 18 the child is the Node that was named", async () => {
  const { code, printed } = await underOld(["test/programs/bootstrapped.mjs", "own", "fail"]);
  expect(JSON.parse(printed.split("\n")[0] ?? "")).toMatchObject({ version: process.versions.node, env: [] });
  expect(code).toBe(42);
});

/** Each is called so that it ends before it does anything. */
test.each<[string, readonly string[], Record<string, string>, number, RegExp]>([
  ["start", ["scripts/start.mjs"], { PORT: "no" }, 1, /PORT: expected a number/],
  ["dev", ["scripts/start.mjs", "--dev"], { PORT: "no" }, 1, /PORT: expected a number/],
  ["serve", ["scripts/serve.mjs"], { PORT: "no" }, 1, /PORT: expected a number/],
  ["lint", ["scripts/check.mjs", "nothing"], {}, 1, /Expected lint or typecheck; found nothing/],
  ["test", ["scripts/test.mjs", "nothing"], {}, 1, /Expected gate, unit, .*; found nothing/],
  ["bench", ["scripts/bench.mjs", "nothing"], {}, 1, /Expected boot, .*; found nothing/],
  ["torture", ["scripts/torture.mjs", "--seed", "no"], {}, 1, /Expected a number, found "no"/],
  ["migration", ["scripts/migration.mjs"], {}, 2, /Expected a name of a-z/],
  ["format", ["scripts/format.mjs", "--help"], {}, 0, /biome check/i],
  ["unstuck", ["cli/unstuck.mjs", "--version"], {}, 0, /^\d+\.\d+\.\d+\n$/],
])("under Node 18 `%s` goes on under a supported Node", async (_, args, env, code, printed) => {
  expect(await underOld(args, env)).toEqual({ code, printed: expect.stringMatching(printed) });
});

test("a named Node that is not supported, or none, is refused with what was found", async () => {
  const refused = await underOld(["cli/unstuck.mjs", "--version"], { UNSTUCK_NODE: old });
  expect(refused.code).toBe(1);
  expect(refused.printed).toMatch(/^UNSTUCK_NODE: expected Node \^22\.18\.0 .*, found Node 18\.20\.8 at \//);
  const missing = await underOld(["cli/unstuck.mjs", "--version"], { UNSTUCK_NODE: "/no/such/node" });
  expect(missing.printed).toMatch(
    /^UNSTUCK_NODE: expected the path of a Node, found "\/no\/such\/node" \(.*ENOENT\)/,
  );
});

test("a server that may fetch nothing says under Node 18 which command does", async () => {
  const project = temporaryFolder();
  for (const name of ["bootstrap", "scripts", "package.json"])
    cpSync(join(root, name), join(project, name), { recursive: true });
  const { code, printed } = await underOld([join(project, "scripts/serve.mjs")], { UNSTUCK_NODE: "" });
  expect({ code, printed, left: existsSync(join(project, ".node")) }).toEqual({
    code: 1,
    printed: expect.stringMatching(
      /^This is Node 18\.20\.8, and Unstuck needs .*\. Run "npm run build" here, which fetches Node 24\.\S+\. Install Node 24 .*\.\n$/,
    ),
    left: false,
  });
});

test("a registry that cannot be reached is one sentence that says what to do", async () => {
  const project = temporaryFolder();
  cpSync(import.meta.dirname, join(project, "bootstrap"), { recursive: true });
  cpSync(join(root, "package.json"), join(project, "package.json"));
  const program = join(project, "program.mjs");
  writeFileSync(program, 'import("./bootstrap/ensure-node.mjs").then((each) => each.ensureNode());\n');
  const { code, printed } = await underOld([program], {
    UNSTUCK_NODE: "",
    npm_config_registry: "http://127.0.0.1:9/",
    npm_config_fetch_retries: "0",
  });
  expect(code).toBe(1);
  expect(printed.trim().split("\n").at(-1)).toBe(
    "This is Node 18.20.8, and Unstuck needs ^22.18.0 || ^24.0.0 || >=26.0.0. Node 24.21.0 cannot be fetched: the npm registry cannot be " +
      "reached (ECONNREFUSED). Install Node 24 (https://nodejs.org), or name a supported one with UNSTUCK_NODE=/path/to/node.",
  );
});
