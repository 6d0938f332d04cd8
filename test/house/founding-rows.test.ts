import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/**
 * The documents this product began with name what must be there, row by row. Each row has a test whose title begins with its
 * id, so that "is it kept?" is answered by the tests and not by a list.
 */

const root = join(import.meta.dirname, "../..");
const ROWS_OF = { A: 5, B: 11, C: 7, D: 6, E: 13 } as const;
const ROWS = Object.entries(ROWS_OF).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}${index + 1}`),
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
const titles = ["app", "bench", "cli", "components", "e2e", "lib", "scripts", "server", "test"].flatMap(
  titlesIn,
);

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

describe("every founding requirement has a test that carries its id", () => {
  for (const row of ROWS) {
    test(row, () => {
      const has = titles.some(({ ids }) => ids.includes(row));
      expect(has, `a test whose title begins with ${row}`).toBe(true);
    });
  }
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
