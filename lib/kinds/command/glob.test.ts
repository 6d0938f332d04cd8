import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { nameMatcher } from "@/lib/files/child/glob.mjs";
import { testFiles } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { readCheckpoint } from "../checkpoint";
import { moveCheckpointAside } from "../set-aside";

const files = testFiles();
let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});
const write = (name: string, content = "x") => {
  mkdirSync(join(cwd, name, ".."), { recursive: true });
  writeFileSync(join(cwd, name), content);
};
const glob = (pattern: string, max: number) => files.glob(resolve(cwd, pattern), max);
const found = async (pattern: string) =>
  (await glob(pattern, 2_000)).found.map(({ path }) => relative(cwd, path));

test("a pattern names files by * and ? within a name, and by ** at any depth", async () => {
  for (const name of [
    "state/1.json",
    "state/22.json",
    "state/a/3.json",
    "state/a/b/4.json",
    "state/.5.json",
    "other.txt",
  ])
    write(name);
  expect(await found("state/*.json")).toEqual(["state/1.json", "state/22.json"]);
  expect(await found("state/?.json")).toEqual(["state/1.json"]);
  expect(await found("state/.*.json")).toEqual(["state/.5.json"]);
  expect(await found("state/**/*.json")).toEqual([
    "state/1.json",
    "state/22.json",
    "state/a/3.json",
    "state/a/b/4.json",
  ]);
  expect(await found("st*/a/*.json")).toEqual(["state/a/3.json"]);
  expect(await found("*")).toEqual(["other.txt", "state"]);
  expect(await found(join(cwd, "st*"))).toEqual(["state"]);
  expect(await found("gone/*.json")).toEqual([]);
  expect(await found("other.txt/*")).toEqual([]);
});

test("links are neither matched nor followed", async () => {
  write("elsewhere/a.json");
  mkdirSync(join(cwd, "state"));
  symlinkSync(join(cwd, "elsewhere"), join(cwd, "state/folder"));
  symlinkSync(join(cwd, "elsewhere/a.json"), join(cwd, "state/b.json"));
  symlinkSync(cwd, join(cwd, "state/circle"));
  expect(await found("state/**")).toEqual([]);
  expect(await found("state/*/a.json")).toEqual([]);
});

test("more than can be looked at is told", async () => {
  for (let n = 0; n < 30; n += 1) write(`state/${n}`);
  expect((await glob("state/*", 10)).whole).toBe(false);
  expect(await glob("state/*", 100)).toMatchObject({ whole: true, found: { length: 30 } });
});

test("a name fits as a regular expression would have it", async () => {
  const part = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
  fc.assert(
    fc.property(part, name, (pattern, text) => {
      const same = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      expect(nameMatcher(pattern)(text)).toBe(same.test(text));
    }),
    { numRuns: 2_000 },
  );
  expect(nameMatcher(`${"a*".repeat(200)}b`)("a".repeat(5_000))).toBe(false);
});

describe("E1 a checkpoint that is a pattern", () => {
  const read = () => readCheckpoint(files, cwd, "state/*.json");

  test("holds data when one of its files does", async () => {
    expect(await read()).toEqual({ found: "none", path: join(cwd, "state/*.json") });
    write("state/1.json", "{}");
    write("state/2.json", "");
    expect(await read()).toMatchObject({ found: "empty" });
    write("state/3.json", '{"page":40,"seen":[1,2],"token":"very secret"}');
    expect(await read()).toMatchObject({
      found: "data",
      bytes: 46,
      summary:
        "3 files match, the newest with data is state/3.json: JSON with 3 keys: page=40, seen=[2], token",
    });
  });

  test("that matches more than is looked into, and nothing with data, is not called empty", async () => {
    for (let n = 0; n < 60; n += 1) write(`state/${n}.json`, "{}");
    expect(await read()).toMatchObject({ found: "unreadable" });
  });

  test("is set aside file by file for a fresh start, and not found again", async () => {
    for (const name of ["state/1.json", "state/2.json", "state/kept.txt"]) write(name, name);
    await moveCheckpointAside(files, cwd, "state/*", "run_2");
    expect(readdirSync(join(cwd, "state")).sort()).toEqual([
      "1.json.before-run_2",
      "2.json.before-run_2",
      "kept.txt.before-run_2",
    ]);
    expect(readFileSync(join(cwd, "state/1.json.before-run_2"), "utf8")).toBe("state/1.json");
    expect((await readCheckpoint(files, cwd, "state/*")).found).toBe("none");
    await moveCheckpointAside(files, cwd, "state/*", "run_3");
    expect(readdirSync(join(cwd, "state"))).toHaveLength(3);
  });

  test("takes what is below a matching folder along with it", async () => {
    write("state/a/a1.json", "{}");
    write("a2.json", "{}");
    await moveCheckpointAside(files, cwd, "**/a*", "run_2");
    expect(readdirSync(cwd).sort()).toEqual(["a2.json.before-run_2", "state"]);
    expect(readdirSync(join(cwd, "state/a.before-run_2"))).toEqual(["a1.json"]);
    // What lies in a folder that was set aside is the old work too, however far the pattern reaches.
    for (const pattern of ["**/a*", "**/*.json", "state/**", "*/*/*.json"])
      expect(await readCheckpoint(files, cwd, pattern), pattern).toMatchObject({ found: "none" });
  });

  test("is a plain file where there is one of that very name", async () => {
    write("odd[*].json", "12");
    write("odd[x].json", "1234567");
    expect(await readCheckpoint(files, cwd, "odd[*].json")).toMatchObject({ found: "data", bytes: 2 });
  });
});
