import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { onPath, wantDebianPackages } from "./debian.mjs";

/** A PATH of our own: an apt-get that writes down what it is asked for, and a python3 that has Scrapy. */
let folder: string;
let asked: string;
const before = { PATH: process.env.PATH, CHROMIUM: process.env.CHROMIUM };

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

async function want(kinds: readonly string[]): Promise<string[]> {
  const said: string[] = [];
  await wantDebianPackages(kinds, (text) => said.push(text));
  return said;
}

beforeEach(() => {
  folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  asked = join(folder, "asked");
  program("apt-get", `echo "$@" >>${asked}`);
  program("python3", "");
  process.env.PATH = folder;
  delete process.env.CHROMIUM;
});
afterEach(() => {
  process.env.PATH = before.PATH;
  if (before.CHROMIUM !== undefined) process.env.CHROMIUM = before.CHROMIUM;
});

test("what the tests of a kind need is asked for only with that kind, and only where it is missing", async () => {
  expect(await want(["gate", "contract", "e2e"])).toEqual([]);
  expect(await want(["processes"])).toEqual([expect.stringContaining("busybox-static, bindfs")]);
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get"))
    expect(readFileSync(asked, "utf8")).toBe(
      "update\ninstall -y --no-install-recommends busybox-static bindfs tini dumb-init redis-tools chromium xvfb xauth\n",
    );
  expect(await want(["torture"])).toEqual([expect.stringMatching(/ bindfs\b/)]);
  for (const name of [
    "busybox",
    "bindfs",
    "tini",
    "dumb-init",
    "redis-check-rdb",
    "chromium",
    "xvfb-run",
    "xauth",
  ])
    program(name, "");
  expect(await want(["processes"])).toEqual([]);
});

test("a program is looked for by its names in their order, along PATH", () => {
  expect(onPath(["no-such-program"])).toBeNull();
  program("second", "");
  expect(onPath(["first", "second"])).toBe(join(folder, "second"));
  program("first", "");
  expect(onPath(["first", "second"])).toBe(join(folder, "first"));
});
