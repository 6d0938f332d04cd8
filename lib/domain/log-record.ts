/** What loggers call the three: python-json-logger and its `rename_fields`, structlog, pino, bunyan, ECS, Google Cloud. */
const MESSAGE = ["message", "msg", "event"];
const NAME = ["name", "logger", "logger_name", "log.logger"];
const LEVEL = ["levelname", "level", "severity", "log.level", "log_level"];
const TRACE = ["exc_info", "exception", "stack_trace", "error.stack_trace"];

/** `ESC [ … letter` and `ESC ] … BEL`: colours and titles of a log that thinks it goes to a terminal. */
const TERMINAL_CODES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminal codes are
  /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)/g;

/** Nothing a program says of its end is longer, and a log without line ends must not hold up the reader. */
const MAX_LINE = 2_000;

/**
 * The lines of a log, without terminal codes, each cut to 2,000 characters. A line of JSON becomes `[name] LEVEL: message` and, where it
 * has one, the lines of its trace.
 */
export function logLines(text: string): string[] {
  const lines = text.replace(TERMINAL_CODES, "").split(/\r\n|\r|\n/);
  const plain = lines.flatMap((line) => lineOfRecord(line)?.split("\n") ?? [line]);
  return plain.map((line) => line.slice(0, MAX_LINE));
}

/** null: not a line of JSON with a message in it. */
function lineOfRecord(line: string): string | null {
  if (!line.startsWith("{") || !line.trimEnd().endsWith("}")) return null;
  const fields = fieldsOf(line);
  const text = (names: readonly string[]) =>
    names.map((name) => fields.get(name)).find((value): value is string => typeof value === "string");
  const message = text(MESSAGE);
  if (message === undefined) return null;
  const name = text(NAME);
  const trace = text(TRACE);
  const said = `${name === undefined ? "" : `[${name}] `}${levelOf(text(LEVEL), fields)}: ${message}`;
  return trace === undefined ? said : `${said}\n${trace}`;
}

function fieldsOf(line: string): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return fields;
  }
  if (typeof record !== "object" || record === null) return fields;
  for (const [key, value] of Object.entries(record)) {
    fields.set(key, value);
    if ((key === "log" || key === "error") && typeof value === "object" && value !== null)
      for (const [inner, deep] of Object.entries(value)) fields.set(`${key}.${inner}`, deep);
  }
  return fields;
}

/** pino and bunyan count: 30 is info, 50 error, 60 fatal. */
function levelOf(word: string | undefined, fields: ReadonlyMap<string, unknown>): string {
  if (word !== undefined) return word.toUpperCase();
  const number = fields.get("level");
  if (typeof number !== "number") return "";
  return number >= 60 ? "FATAL" : number >= 50 ? "ERROR" : "INFO";
}
