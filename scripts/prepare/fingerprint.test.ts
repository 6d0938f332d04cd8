import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { fingerprint } from "./fingerprint.mjs";

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};
const print = (extra?: string) => fingerprint(root, ["app", "package.json"], extra);

beforeEach(() => {
  root = temporaryFolder();
  write("package.json", "{}");
  write("app/page.tsx", "page");
  write("app/deep/down.ts", "down");
});

test("a fingerprint of the same content is the same, whenever it was written", () => {
  const before = print();
  utimesSync(join(root, "app/page.tsx"), 1, 1);
  expect(print()).toBe(before);
});

describe("a fingerprint changes when", () => {
  const CHANGES: readonly (readonly [string, () => void])[] = [
    ["a file's content changes", () => write("app/deep/down.ts", "dawn")],
    ["a file is added", () => write("app/new.ts", "")],
    ["a file is removed", () => rmSync(join(root, "app/page.tsx"))],
    ["a file is renamed", () => renameSync(join(root, "app/page.tsx"), join(root, "app/side.tsx"))],
    [
      "a file moves to another folder",
      () => renameSync(join(root, "app/page.tsx"), join(root, "app/deep/page.tsx")),
    ],
    ["a file called like a test but not one changes", () => write("app/latest.ts", "x")],
    ["a single named file changes", () => write("package.json", "{ }")],
  ];
  for (const [what, change] of CHANGES)
    test(what, () => {
      const before = print();
      change();
      expect(print()).not.toBe(before);
    });
  test("what else decides changes", () => expect(print("22")).not.toBe(print("20")));
});

describe("a fingerprint stays when", () => {
  const CHANGES: readonly (readonly [string, () => void])[] = [
    ["a test changes", () => write("app/page.test.tsx", "x")],
    ["generated code changes", () => write("app/generated/client.ts", "x")],
    ["packages change", () => write("app/node_modules/a/index.js", "x")],
    ["anything elsewhere changes", () => write("docs/readme.md", "x")],
    ["an empty folder comes", () => mkdirSync(join(root, "app/empty"))],
  ];
  for (const [what, change] of CHANGES)
    test(what, () => {
      const before = print();
      change();
      expect(print()).toBe(before);
    });
});

test("a place that is missing counts as empty", () => {
  expect(fingerprint(root, ["app", "nothing"])).toBe(fingerprint(root, ["app"]));
});
