import { logLines } from "./log-record";

const MAX_LENGTH = 300;
export const MAX_FINGERPRINT = 200;
/** A value this short is in any text by chance. */
const MIN_SECRET = 4;
const HIDDEN = "[hidden]";
/** Of these, the line after it says what happened. */
const CONTINUES = /^thread '.*' .*panicked at .*:$/;

/** What an error looks like at the end of a log. Seen with the programs that last-words.test.ts names. */
const ERRORS: readonly RegExp[] = [
  // Python, Node, Java's cause: `pkg.mod.SomeError: text`, `TypeError [ERR_X]: text`, and such a name alone.
  /^(?:Uncaught |Unhandled |Caused by: |\[\w+\] )?(?:[A-Za-z_$][\w$]*[.:/]+)*[A-Za-z_$][\w$]*(?:Error|Exception|Interrupt|Failure|Fault)(?:Group)?(?: \[\w+\])?(?::(?=\s|$)|$)/,
  /^(?:SystemExit|TimeoutExpired|StopIteration)\b/,
  /^Exception in thread "/,
  /^Unhandled exception\b/i,
  /\((?:\w+::)*\w*(?:Error|Exception)\)$/,
  /^thread '.*' .*panicked at /,
  /^panic: /,
  /^UnhandledPromiseRejection: /,
  // Perl
  / at \S+ line \d+(?:, <[^>]*> (?:line|chunk) \d+)?\.$/,
  // `fatal error: …`, `curl: error: …`, `main.go:3: fatal: …`
  /^(?:[^\s:]{1,80}:(?:\d+:)* ?){0,3}(?:PHP )?(?:fatal error|fatal|error|panic|critical)\b(?:\[\w+\])?: /i,
  // Loggers: `[name] ERROR: …`, `ERROR CheerioCrawler: …`, `…|CRITICAL|…`, `level=error msg=…`
  /(?:^|[\s[|(<:])(?:ERROR|CRITICAL|FATAL|SEVERE)(?=[\s\]|):>,-]|$)/,
  /\blevel="?(?:error|fatal|panic)\b/i,
  // Shells: bash says `line 3:`, dash and busybox `3:`
  /: line \d+: .+: .+/,
  /^\S+: \d+: .*(?:not found|[Pp]ermission denied|No such file|Syntax error|bad |cannot )/,
  /: (?:command not found|not found|No such file or directory|Permission denied|Exec format error|Cannot allocate memory|No space left on device|Is a directory|Connection refused|cannot execute.*)$/i,
];
/** Node, below what was thrown and is no error: any text, or any value. */
const THROWN = /^\(Use `node --trace-uncaught /;
/** `errors: 0`, `ERROR: none`, and figures of Scrapy's statistics; but not `Error: None of them answered`. */
const NONE = /\berrors?\b["']?\s*[:=]\s*["']?(?:0|null|none|false)["']?\s*(?:[,;)\]}]|\.?\s*$)|^\s*['"{]/i;
/** What npm adds to the end of any program it has run. */
const ADDED_BY_NPM = /^npm (?:ERR!|error)\b/;
const EXCEPTION_NAME = /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:: |$)/;

/**
 * The last line of a log that looks like an error, cut to 300 characters, without terminal codes and with the secrets hidden.
 * @param tail the last part of the log, which may begin in the middle of a line
 * @param secrets values that must not be shown
 * @returns null: nothing in it looks like one
 */
export function lastWordsIn(tail: string, secrets: readonly string[]): string | null {
  const lines = logLines(tail).map((line) => line.replace(/^\s*(?:\|\s+)+/, ""));
  const at = lastError(lines);
  const line = at === -1 ? lines.findLast((each) => ADDED_BY_NPM.test(each)) : lines[at];
  if (line === undefined) return null;
  const words = CONTINUES.test(line) ? `${line} ${lines[at + 1] ?? ""}` : line;
  return cut(hide(printable(words), secrets));
}

function lastError(lines: readonly string[]): number {
  const raised = raisedAt(lines);
  for (let at = lines.length - 1; at > raised; at -= 1) {
    const line = lines[at] ?? "";
    if (ADDED_BY_NPM.test(line) || NONE.test(line)) continue;
    if (ERRORS.some((shape) => shape.test(line)) || THROWN.test(lines[at + 1] ?? "")) return at;
  }
  return raised;
}

/** Where the last traceback of Python says what was raised: any class, so its name need not end with Error. */
function raisedAt(lines: readonly string[]): number {
  const from = lines.findLastIndex((line) => line.endsWith("Traceback (most recent call last):"));
  if (from === -1) return -1;
  return lines.findIndex((line, at) => at > from && EXCEPTION_NAME.test(line));
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are to go
  return text.replace(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}

/** Also as they stand in an address or between quotes, the lines of one that has several, and what an address has before its `@`. */
function hide(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .flatMap((value) => [value, ...value.split(/\r?\n/)])
    .flatMap((value) => [printable(value), encodeURIComponent(wellFormed(value)), ...escaped(value)])
    .filter((value) => value.length >= MIN_SECRET)
    .sort((a, b) => b.length - a.length);
  const hidden = forms.reduce((said, value) => said.replaceAll(value, HIDDEN), text);
  return hidden.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]+@/gi, `$1${HIDDEN}@`);
}

/** As JSON, Python's repr, Node's inspect, loggers and shells write a value between quotes. */
function escaped(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  // In JSON a quote never stands without its backslash.
  const repr = json.replaceAll('\\"', '"');
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [
    json,
    json.replaceAll("/", "\\/"),
    ascii,
    repr,
    repr.replaceAll("'", "\\'"),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "\\'"),
    value.replaceAll("'", "'\\''"),
  ].map(printable);
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${wellFormed(text.slice(0, MAX_LENGTH - 1))}…`;
}

/** Half a character, as a cut leaves it, can neither be stored nor put in an address. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "");
}

/**
 * The shape of last words: equal failures have the same, whatever page, item or time they name. It is text for people, not a hash, at
 * most 200 characters long.
 */
export function fingerprintOf(lastWords: string): string {
  return lastWords
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi, "<url>")
    .replace(/"[^"]*"|(?<!\w)'[^']*'|“[^”]*”|‘[^’]*’|`[^`]*`/g, "<text>")
    .replace(/(?<![\w<])(?:\.{0,2}\/)[^\s:,;)\]]+/g, "<path>")
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "<id>")
    .replace(/\b(?:0x[0-9a-f]+|(?=[0-9a-f]*\d)[0-9a-f]{8,})\b/gi, "<hex>")
    .replace(/\d+(?:[.,:/TZ-]*\d+)*/g, "<n>")
    .replace(/^[[(]?(?:<n>[\s,|\])-]*)+(?=\S)/, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_FINGERPRINT);
}
