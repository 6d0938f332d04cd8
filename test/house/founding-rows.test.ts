import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/**
 * docs/requirements.md has what the founding documents require, row by row. Each row has tests whose titles begin with its code, so
 * that "is it kept?" is answered by the tests and not by a list.
 */

const root = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(root, "docs/requirements.md"), "utf8");

/** Code, and the title that the page quotes. */
const ROWS = [...PAGE.matchAll(/^\| ([A-E]\d{1,2}) \|.*\| `([^`]+)` \|$/gm)].map(
  ([, id = "", title = ""]) => ({
    id,
    title,
  }),
);

/** The six scenarios of C7, by the word that follows the id. */
const SCENARIOS = [
  "normal operation",
  "error",
  "time-out",
  "concurrent starts",
  "reset",
  "killed mid-operation",
];

const TITLE = /\b(?:test|it)(?:\.\w+(?:\([^)]*\))?)*\(\s*["'`]((?:[A-E]\d{1,2} )+)([^"'`]*)/g;
const titles = [
  "api",
  "app",
  "bench",
  "cli",
  "components",
  "e2e",
  "lib",
  "scripts",
  "server",
  "test",
].flatMap(titlesIn);

function titlesIn(folder: string): { ids: string[]; text: string }[] {
  let names: string[];
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return names
    .filter((name) => /\.(test|spec)\.tsx?$/.test(name) || name.startsWith("contract/"))
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(join(root, folder, name), "utf8").matchAll(TITLE)])
    .map(([, ids = "", text = ""]) => ({ ids: ids.trim().split(" "), text }));
}

test("the page has every row once, section by section", () => {
  const section = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
  const all = [section("A", 5), section("B", 11), section("C", 7), section("D", 6), section("E", 13)].flat();
  expect(ROWS.map(({ id }) => id)).toEqual(all);
});

describe("every founding requirement has the test that the page quotes, and its title carries the code", () => {
  for (const { id, title } of ROWS) {
    test(id, () => {
      const has = titles.some(({ ids, text }) => ids.includes(id) && text === title);
      expect(has, `a test "${id} ${title}"`).toBe(true);
    });
  }
});

test("every code in a test's title is a row of the page", () => {
  const rows = ROWS.map(({ id }) => id);
  expect(titles.flatMap(({ ids }) => ids).filter((id) => !rows.includes(id))).toEqual([]);
});

describe("C7's scenarios are all there", () => {
  for (const scenario of SCENARIOS) {
    test(scenario, () => {
      const has = titles.some(({ ids, text }) => ids.includes("C7") && text.startsWith(scenario));
      expect(has, `a test "C7 ${scenario}…"`).toBe(true);
    });
  }
});

test("B7 the documents say that Windows is not supported, and what stands in for it elsewhere is untested", () => {
  const page = (name: string) => readFileSync(join(root, "docs", name), "utf8");
  expect(page("supervision.md")).toMatch(/\| state \| tested \| untested \| not supported \|/);
  expect(page("reliability.md")).toMatch(/\*\*Windows\*\*/);
  expect(page("reliability.md")).toMatch(/\*\*macOS\*\*/);
});
