import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

/** docs/words.md says which words to use; here its middle column is looked for in every text that users read. */

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Words that a sentence may need in documents; in a label, an error or a message they are always translated. */
const ONLY_IN_THE_PRODUCT = ["nobody", "somebody", "begun", "undecided"];

const BANNED = bannedBy(read("docs/words.md"));

function bannedBy(page: string): string[] {
  const [, table = ""] = page.split("## Instead");
  const rows = table.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| use "));
  return rows.flatMap((line) => (line.split(" | ")[1] ?? "").split(", "));
}

function bannedIn(text: string, phrases: readonly string[]): string[] {
  const flat = text.replace(/\s+/g, " ");
  return phrases.filter((phrase) => new RegExp(`\\b${phrase}\\b`, "i").test(flat));
}

/** What can reach a reader: literals with a space in them, and what stands between tags. Not comments, keys and names. */
function textsOf(path: string): string[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true, kindOf(path));
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) texts.push(node.text);
    else if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts.filter((text) => /\S\s+\S/.test(text) || /^[A-Z][a-z]+$/.test(text.trim()));
}

function kindOf(path: string): ts.ScriptKind {
  if (path.endsWith(".tsx")) return ts.ScriptKind.TSX;
  return path.endsWith(".ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

const SOURCES = globSync("{app,bootstrap,cli,components,lib,scripts,server}/**/*.{ts,tsx,mjs}", { cwd: root })
  // Other tests of the house put files there for a moment.
  .filter((path) => !/\.test\.tsx?$|\/generated\/|\/injected-/.test(path))
  .sort();
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", ...globSync("docs/*.md", { cwd: root })].filter(
  (path) => path !== "docs/words.md",
);

test("the list names what it bans", () => {
  expect(BANNED).toEqual(expect.arrayContaining(["whoever", "told of", "mends it", "shall", "start anew"]));
  expect(BANNED.filter((phrase) => phrase.trim() === "")).toEqual([]);
  expect(SOURCES.length).toBeGreaterThan(400);
});

test("a banned phrase is found over a line break, and not inside another word", () => {
  expect(bannedIn("A run that was told\n  of.", BANNED)).toEqual(["told of"]);
  expect(bannedIn("It is marshalled, with shallow copies.", BANNED)).toEqual([]);
});

test("no text of the product uses a banned phrase", () => {
  const found = SOURCES.flatMap((path) =>
    textsOf(path).flatMap((text) =>
      bannedIn(text, BANNED).map((phrase) => `${path}: "${phrase}" in ${text}`),
    ),
  );
  expect(found).toEqual([]);
});

test.each(DOCUMENTS)("%s uses no banned phrase", (path) => {
  const phrases = BANNED.filter((phrase) => !ONLY_IN_THE_PRODUCT.includes(phrase));
  expect(bannedIn(read(path), phrases)).toEqual([]);
});
