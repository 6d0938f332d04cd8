import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

/** docs/words.md says which words to use; here its middle column is looked for in every text that users read, and in comments. */

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Words that a sentence may need in documents; in a label, an error or a message they are always translated. */
const ONLY_IN_THE_PRODUCT = ["nobody", "somebody", "begun", "undecided"];
/** Phrases that no reader of the code needs either. The others ban a label, not a word. */
const IN_COMMENTS_TOO = ["whoever", "told of", "mends it", "mend it", "shall", "nobody", "somebody", "anew"];

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

/** Every comment of a file, once. Of a script for the shell its whole text. */
function commentsOf(path: string): string[] {
  const text = read(path);
  if (path.endsWith(".sh")) return [text];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kindOf(path));
  const comments = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    // What stands between tags is text, also where it looks like a comment.
    if (ts.isJsxText(node)) return;
    for (const { pos, end } of [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ])
      comments.set(pos, text.slice(pos, end).replace(/^\s*(\*|\/\/)/gm, ""));
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...comments.values()];
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

test("a comment is found wherever it is, with its line breaks", () => {
  const comments = commentsOf("test/house/words.test.ts");
  expect(comments.some((text) => text.includes("docs/words.md says which words"))).toBe(true);
  // A comment in the middle of a block, where no statement follows.
  expect(comments.some((text) => text.includes("where no statement follows"))).toBe(true);
});

test("no comment of the product uses an archaic phrase", () => {
  expect(BANNED).toEqual(expect.arrayContaining(IN_COMMENTS_TOO));
  const scripts = globSync("{lib,scripts}/**/*.sh", { cwd: root });
  const found = [...SOURCES, ...scripts].flatMap((path) =>
    commentsOf(path).flatMap((text) =>
      bannedIn(text, IN_COMMENTS_TOO).map((phrase) => `${path}: "${phrase}" in ${text}`),
    ),
  );
  expect(found).toEqual([]);
});

test.each(DOCUMENTS)("%s uses no banned phrase", (path) => {
  const phrases = BANNED.filter((phrase) => !ONLY_IN_THE_PRODUCT.includes(phrase));
  expect(bannedIn(read(path), phrases)).toEqual([]);
});
