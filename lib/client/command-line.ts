/**
 * One typed line ⇄ the exact array a program is given. Quotes and backslashes work as in a POSIX shell; nothing else of a
 * shell does, because no shell is involved: variables, pipes and patterns reach the program as plain text.
 * Ours: shell-quote 1.12.0 puts nothing in the place of `$HOME` and takes `#` for a comment, string-argv 0.4.0 knows no backslash, and
 * both take a quote that is never closed for closed.
 */
export type CommandLine = {
  readonly argv: readonly string[];
  /** What keeps the line from being read to its end; null when it is whole. */
  readonly problem: string | null;
  /** Shell features that stand outside quotes and will not do what they do in a shell. */
  readonly hints: readonly ShellFeature[];
};

export const SHELL_FEATURES = [
  "variable",
  "pipe",
  "redirect",
  "sequence",
  "pattern",
  "home",
  "substitution",
  "assignment",
] as const;
export type ShellFeature = (typeof SHELL_FEATURES)[number];

const FEATURE_OF: Readonly<Record<string, ShellFeature>> = {
  $: "variable",
  "|": "pipe",
  ">": "redirect",
  "<": "redirect",
  "&": "sequence",
  ";": "sequence",
  "*": "pattern",
  "?": "pattern",
  "`": "substitution",
};

type Reader = {
  argv: string[];
  /** null: between two words. An empty text is a word too (`''`). */
  word: string | null;
  features: Set<ShellFeature>;
};

export function parseCommandLine(line: string): CommandLine {
  const reader: Reader = { argv: [], word: null, features: new Set() };
  let at = 0;
  let problem: string | null = null;
  while (at < line.length && problem === null) {
    const char = line.charAt(at);
    if (char === "'" || char === '"') {
      const end = readQuoted(reader, line, at);
      if (end === null)
        problem = `The ${char === "'" ? "single" : "double"} quote at position ${at + 1} is never closed.`;
      else at = end;
    } else if (char === "\\") {
      if (at + 1 >= line.length) problem = "The backslash at the end has nothing after it.";
      else at = readEscape(reader, line, at);
    } else {
      readPlain(reader, char);
      at += 1;
    }
  }
  finishWord(reader);
  return {
    argv: reader.argv,
    problem,
    hints: SHELL_FEATURES.filter((feature) => reader.features.has(feature)),
  };
}

/** @returns the position after the closing quote, null when there is none */
function readQuoted(reader: Reader, line: string, start: number): number | null {
  const quote = line.charAt(start);
  let text = "";
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === quote) {
      reader.word = (reader.word ?? "") + text;
      return at + 1;
    }
    const next = line.charAt(at + 1);
    const escapes =
      quote === '"' && char === "\\" && (next === '"' || next === "\\" || next === "$" || next === "`");
    text += escapes ? next : char;
    if (escapes) at += 1;
  }
  return null;
}

function readEscape(reader: Reader, line: string, at: number): number {
  const next = line.charAt(at + 1);
  // A backslash before a line end joins the lines, as in a pasted multi-line command.
  if (next === "\n") return at + 2;
  reader.word = (reader.word ?? "") + next;
  return at + 2;
}

function readPlain(reader: Reader, char: string): void {
  if (char === " " || char === "\t" || char === "\n" || char === "\r") {
    finishWord(reader);
    return;
  }
  const feature = FEATURE_OF[char];
  if (feature !== undefined) reader.features.add(feature);
  if (char === "~" && reader.word === null) reader.features.add("home");
  const assigns =
    char === "=" && reader.argv.length === 0 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(reader.word ?? "");
  if (assigns) reader.features.add("assignment");
  reader.word = (reader.word ?? "") + char;
}

function finishWord(reader: Reader): void {
  if (reader.word !== null) reader.argv.push(reader.word);
  reader.word = null;
}

/** The line that `parseCommandLine` reads back as exactly `argv`, without hints; also safe to paste into a shell. */
export function formatCommandLine(argv: readonly string[]): string {
  return argv.map(quote).join(" ");
}

function quote(word: string, index: number): string {
  const plain = index === 0 ? /^[\w@%+:,./-]+$/ : /^[\w@%+=:,./-]+$/;
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
