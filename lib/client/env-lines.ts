/** What was pasted, and the lines of it that say nothing. */
export type EnvText = { readonly env: Readonly<Record<string, string>>; readonly notRead: readonly string[] };

const QUOTED = ["'", '"', "`"].map((quote) => `${quote}(?:\\\\${quote}|[^${quote}])*${quote}`);
const VALUE = [...QUOTED.map((quoted) => `\\s*${quoted}`), "[^#\\r\\n]+"].join("|");
const NAME = "[\\w.-]+";
/** `NAME=value`, or `NAME: value` as YAML has it, each with `export` before it and a comment behind it. */
const LINE = new RegExp(`^\\s*(?:export\\s+)?(${NAME})(?:\\s*=\\s*?|:\\s+?)(${VALUE})?\\s*(?:#.*)?$`, "gm");

/**
 * Reads the text of a `.env` file as dotenv 17 does, whose package reads files and so cannot be had in a browser; the tests compare the two.
 * Quotes go, `\n` in double quotes is a line end, a `#` begins a comment, `export` is left out, the last of two wins. No variable is filled
 * in. What dotenv would leave out without a word is told.
 */
export function parseEnvText(text: string): EnvText {
  const lines = text.replaceAll(/\r\n?/g, "\n");
  const env: [string, string][] = [];
  const between: string[] = [];
  let end = 0;
  for (const match of lines.matchAll(LINE)) {
    between.push(lines.slice(end, match.index));
    end = match.index + match[0].length;
    env.push([match[1] ?? "", unquoted((match[2] ?? "").trim())]);
  }
  between.push(lines.slice(end));
  const notRead = between
    .flatMap((part) => part.split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  return { env: Object.fromEntries(env), notRead };
}

function unquoted(value: string): string {
  const bare = value.replaceAll(/^(['"`])([\s\S]*)\1$/gm, "$2");
  return value.startsWith('"') ? bare.replaceAll("\\n", "\n").replaceAll("\\r", "\r") : bare;
}
