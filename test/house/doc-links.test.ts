import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/**
 * Links from page to page, and the pages that code, messages and comments name, lead somewhere: the file is there, and so is the heading
 * behind a `#`.
 */

const ROOT = join(import.meta.dirname, "../..");
const PAGES_IN = ["docs", "examples", "lib", ".github"];
const SOURCES_IN = [
  "api",
  "app",
  "bench",
  "bootstrap",
  "cli",
  "components",
  "e2e",
  "examples",
  "lib",
  "scripts",
  "server",
  "test",
];
/** What a test writes into a folder of its own is no page of this project. */
const NO_PAGE = new Set(["docs/readme.md"]);

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...PAGES_IN.flatMap((folder) => filesIn(folder, /\.md$/)),
];

function filesIn(folder: string, name: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => name.test(file) && !/(^|\/)(node_modules|generated)\//.test(file))
    .map((file) => join(folder, file));
}

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A page without its code blocks, whose `#` and brackets are no headings and no links. */
function proseOf(path: string): string {
  return textOf(path).replace(/^ *```[\s\S]*?^ *```/gm, "");
}

/** The anchors GitHub gives to a page's headings; a heading that comes again gets `-1`, `-2` and so on. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(path).matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** What is wrong with a link from `from` (a path below the root) to `target`, or null. */
function problemOf(from: string, target: string): string | null {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? from : relative(ROOT, resolve(ROOT, dirname(from), path));
  if (!existsSync(join(ROOT, file))) return `${from}: ${target} is not there`;
  if (anchor === undefined || !file.endsWith(".md")) return null;
  return anchorsOf(file).has(anchor) ? null : `${from}: ${target} has no such heading`;
}

test("every link from page to page leads to a file and a heading", () => {
  const links = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ page, target })),
  );
  expect(links.length).toBeGreaterThan(200);
  expect(links.map(({ page, target }) => problemOf(page, target)).filter((found) => found !== null)).toEqual(
    [],
  );
});

test("every page that code names is there, with the heading it names", () => {
  const sources = SOURCES_IN.flatMap((folder) => filesIn(folder, /\.(tsx?|mjs|sh|json)$/));
  const named = sources.flatMap((file) =>
    [...textOf(file).matchAll(/\bdocs\/[\w/-]+\.md(?:#[a-z0-9_-]+)?/g)]
      .map(([target]) => target)
      .filter((target) => !NO_PAGE.has(target))
      .map((target) => ({ file, target })),
  );
  expect(named.length).toBeGreaterThan(30);
  const problems = named.map(({ file, target }) => {
    const found = problemOf("README.md", target);
    return found === null ? null : `${file} → ${found}`;
  });
  expect(problems.filter((found) => found !== null)).toEqual([]);
});
