import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * docs/running-real-programs.md names for each row the tests that execute it. Of a title the page gives the parts: "…" stands for what a table
 * of cases fills in or for the rest, and a colon for the step from a group to its test.
 */

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/running-real-programs.md"), "utf8");
const ROOMS = ["bootstrap", "cli", "components", "e2e", "lib", "server", "test"];

const SOURCES = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(test|spec)\.tsx?$/.test(file))
    .map((file) => readFileSync(join(ROOT, room, file), "utf8")),
).join("\n");

function rows(): string[][] {
  return PAGE.split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| program |"))
    .map((line) => line.slice(2, -2).split(" | "));
}

function titlesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, title = ""]) => title);
}

function partsOf(title: string): string[] {
  return title
    .split(/…|: /)
    .map((part) => part.replace(/^[ ,:]+|[ ,:]+$/g, ""))
    .filter((part) => part !== "");
}

test("every row of the page on real programs names a test, and each title it names is one", () => {
  expect(rows().length).toBeGreaterThan(20);
  for (const row of rows()) {
    expect(row, row[0]).toHaveLength(3);
    const titles = titlesIn(row[2] ?? "");
    expect(titles.length, `${row[0]} names no test`).toBeGreaterThan(0);
    const missing = titles.flatMap(partsOf).filter((part) => !SOURCES.includes(part));
    expect(missing, `${row[0]}: parts of titles that no test has`).toEqual([]);
  }
});
