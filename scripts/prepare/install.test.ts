import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { installPackages } from "./install.mjs";

/** A project of nothing, and an npm that only writes down how it was called. */
let root: string;
let said: string[];
const pathBefore = process.env.PATH;
const calls = () => {
  const file = join(root, "calls");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};
const install = (dev = false) => installPackages(root, { dev, say: (text) => said.push(text) });

function npm(script: string): void {
  const file = join(root, "bin/npm");
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  root = temporaryFolder();
  said = [];
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "package-lock.json"), "{}");
  npm('echo "$*" >> calls');
  process.env.PATH = `${join(root, "bin")}:${pathBefore}`;
});
afterEach(() => {
  process.env.PATH = pathBefore;
});

test("packages are installed once, and nothing is said or done when nothing has changed", async () => {
  await install();
  await install();
  expect(calls()).toEqual([
    "install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error --omit=dev",
  ]);
  expect(said).toHaveLength(1);
});

test("a changed lock installs again", async () => {
  await install();
  writeFileSync(join(root, "package-lock.json"), "{ }");
  await install();
  expect(calls()).toHaveLength(2);
});

test("an installation without the tests' packages does not do for tests, one with them does for all", async () => {
  await install(false);
  await install(true);
  await install(false);
  expect(calls().map((call) => call.includes("--omit=dev"))).toEqual([true, false]);
});

test("an installation that failed is tried again the next time, and told with npm's own words", async () => {
  npm('echo "E404 no such package" >&2; exit 1');
  await expect(install()).rejects.toThrow(/npm install .* failed \(exit code 1\)\.\n.*E404/);
  npm('echo "$*" >> calls');
  await install();
  expect(calls()).toHaveLength(1);
});

test("an npm that rewrites the lock is caught, so that nothing drifts unseen", async () => {
  npm('echo "{changed}" > package-lock.json');
  await expect(install()).rejects.toThrow(/^Installing changed package-lock\.json, which it must not\./);
  expect(existsSync(join(root, "node_modules/.unstuck-install"))).toBe(false);
});

test("a start after a change of packages does not take the tests' packages away", async () => {
  await install(true);
  writeFileSync(join(root, "package-lock.json"), "{ }");
  await install(false);
  expect(calls().map((call) => call.includes("--omit=dev"))).toEqual([false, false]);
});
