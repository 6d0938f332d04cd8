import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { startChild } from "@/test/children";
import { temporaryFolder } from "@/test/folders";
import { buildApp, generateClient, wantedBuild } from "./build.mjs";
import { installPackages } from "./install.mjs";
import { missingBuild } from "./missing-build.mjs";

const ROOT = join(import.meta.dirname, "../..");
const NOT_INSTALLED = /^The packages of package-lock\.json are not installed: run "npm run build" in .*\.$/;
const NOT_GENERATED = /^The database client does not fit prisma\/schema\.prisma: run "npm run build" .*\.$/;
const NOT_BUILT =
  /^The dashboard is not built yet, or from other sources or for another Node: run "npm run build" .*\.$/;

/** The product's scripts with tools that only pretend: what counts here is what they leave behind. */
let root: string;
const silent = () => undefined;
beforeEach(() => {
  root = temporaryFolder();
  for (const name of ["scripts", "bootstrap", "server", "package.json", "package-lock.json"])
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  for (const tool of ["node_modules/prisma/build/index.js", "node_modules/next/dist/bin/next", "bin/npm"]) {
    mkdirSync(join(root, tool, ".."), { recursive: true });
    writeFileSync(join(root, tool), tool === "bin/npm" ? "#!/bin/sh\n" : "");
  }
  chmodSync(join(root, "bin/npm"), 0o755);
  for (const made of ["lib/store/generated", ".next", "prisma"])
    mkdirSync(join(root, made), { recursive: true });
  writeFileSync(join(root, "prisma/schema.prisma"), "");
});

async function install(): Promise<void> {
  const before = process.env.PATH;
  process.env.PATH = `${join(root, "bin")}:${before}`;
  await installPackages(root, { dev: false, say: silent }).finally(() => {
    process.env.PATH = before;
  });
}

async function serve() {
  const env = { PATH: process.env.PATH ?? "", UNSTUCK_DATA_DIR: join(root, "data"), PORT: "0" };
  const child = startChild(process.execPath, ["scripts/serve.mjs"], { cwd: root, stdio: "pipe", env });
  let printed = "";
  for (const stream of [child.process.stdout, child.process.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const closed = new Promise((done) => child.process.once("close", done));
  const { code } = await child.ended;
  await closed;
  return { code, printed };
}

test("each step that was left out is named, and a change of what it was made from names it again", async () => {
  expect(missingBuild(root)).toMatch(NOT_INSTALLED);
  await install();
  expect(missingBuild(root)).toMatch(NOT_GENERATED);
  await generateClient(root, silent);
  expect(missingBuild(root)).toMatch(NOT_BUILT);
  await buildApp(root, silent, wantedBuild());
  expect(missingBuild(root)).toBeNull();
  writeFileSync(join(root, "server/new.mjs"), "");
  expect(missingBuild(root)).toMatch(NOT_BUILT);
  writeFileSync(join(root, "prisma/schema.prisma"), "// another");
  expect(missingBuild(root)).toMatch(NOT_GENERATED);
  writeFileSync(join(root, "package-lock.json"), "{}");
  expect(missingBuild(root)).toMatch(NOT_INSTALLED);
});

test("`npm run serve` says what to run, ends with 1, and has installed and written nothing", async () => {
  const before = readdirSync(root);
  const { code, printed } = await serve();
  expect(printed.trim()).toMatch(NOT_INSTALLED);
  expect(code).toBe(1);
  expect(readdirSync(root).sort()).toEqual([...before, "data"].sort());
});
