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
function textsOf(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kindOf(path));
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) texts.push(node.text);
    else if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts.filter((each) => /\S\s+\S/.test(each) || /^[A-Z][a-z]+$/.test(each.trim()));
}

/** The comments of a source, lines that belong together as one text. */
function commentsOf(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kindOf(path));
  const ends = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) return;
    for (const { pos, end } of [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ])
      ends.set(pos, end);
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  const comments: string[] = [];
  let last = 0;
  for (const [pos, end] of [...ends].sort(([a], [b]) => a - b)) {
    const comment = text.slice(pos, end);
    const goesOn = comments.length > 0 && text.slice(last, pos).trim() === "";
    comments.push(goesOn ? `${comments.pop()}\n${comment}` : comment);
    last = end;
  }
  return comments.map(withoutMarks);
}

/** Without what starts a line of a comment, so that a phrase may be on two of them. */
function withoutMarks(text: string): string {
  return text.replace(/^\s*(\*|\/\/|#)/gm, "");
}

function kindOf(path: string): ts.ScriptKind {
  if (path.endsWith(".tsx")) return ts.ScriptKind.TSX;
  return path.endsWith(".ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

const SOURCES = globSync("{api,app,bootstrap,cli,components,lib,scripts,server}/**/*.{ts,tsx,mjs}", {
  cwd: root,
})
  // Other tests of the house put files there for a moment.
  .filter((path) => !/\.test\.tsx?$|\/generated\/|\/injected-/.test(path))
  .sort();
const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ".env.example",
  ...globSync("docs/*.md", { cwd: root }),
].filter((path) => path !== "docs/words.md");

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
  const found = SOURCES.flatMap((path) => {
    const text = read(path);
    // Few files have such a phrase at all, and only those are taken apart.
    if (bannedIn(text, BANNED).length === 0) return [];
    return textsOf(path, text).flatMap((each) =>
      bannedIn(each, BANNED).map((phrase) => `${path}: "${phrase}" in ${each}`),
    );
  });
  expect(found).toEqual([]);
});

test("a comment is found wherever it is, over its line breaks, and nothing else is one", () => {
  const text =
    'const a = "// no one";\n// It was told\n// of.\nfunction f() { /* inside */ }\n<a>text</a>; // end\n';
  const comments = commentsOf("a.tsx", text).map((comment) => comment.replace(/\s+/g, " ").trim());
  expect(comments).toEqual(["It was told of.", "/* inside */", "end"]);
});

test("no comment of the product uses an archaic phrase", () => {
  expect(BANNED).toEqual(expect.arrayContaining(IN_COMMENTS_TOO));
  const found = [...SOURCES, ...globSync("{lib,scripts}/**/*.sh", { cwd: root })].flatMap((path) => {
    const text = read(path);
    if (bannedIn(withoutMarks(text), IN_COMMENTS_TOO).length === 0) return [];
    const comments = path.endsWith(".sh") ? [withoutMarks(text)] : commentsOf(path, text);
    return comments.flatMap((comment) =>
      bannedIn(comment, IN_COMMENTS_TOO).map((phrase) => `${path}: "${phrase}" in ${comment}`),
    );
  });
  expect(found).toEqual([]);
});

test.each(DOCUMENTS)("%s uses no banned phrase", (path) => {
  const phrases = BANNED.filter((phrase) => !ONLY_IN_THE_PRODUCT.includes(phrase));
  expect(bannedIn(read(path), phrases)).toEqual([]);
});
