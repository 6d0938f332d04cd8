/** What a row of another system says in our words. Pure. */

/** @typedef {import("../../lib/contracts/import").ImportRow} ImportRow */

/** Our fields, and what others call them; compared without case and punctuation. */
const ALSO_CALLED = /** @type {const} */ ({
  job: [
    "job",
    "jobid",
    "retailer",
    "retailerid",
    "portal",
    "scanner",
    "spider",
    "scraper",
    "crawler",
    "name",
  ],
  externalId: ["externalid", "id", "runid", "uuid"],
  state: ["state", "status"],
  startedAt: ["startedat", "starttime", "started", "createdat"],
  endedAt: ["endedat", "endtime", "completedat", "finishedat", "ended"],
  lastActivityAt: ["lastactivityat", "lastactivity", "lastheartbeat", "heartbeatat", "updatedat"],
  pid: ["pid", "processid"],
  host: ["host", "hostname", "server"],
  extracted: ["extracted", "itemsextracted", "productsextracted", "items", "products"],
  skipped: ["skipped", "itemsskipped", "productsskipped"],
  total: ["total", "itemstotal", "totalitems", "expected"],
  checkpoint: ["checkpoint", "checkpointpath", "checkpointfile"],
  exitCode: ["exitcode", "returncode"],
  error: ["error", "errormessage", "message", "failurereason"],
});

/** @typedef {keyof typeof ALSO_CALLED} Field */

export const FIELDS = /** @type {Field[]} */ (Object.keys(ALSO_CALLED));
const REQUIRED = /** @type {const} */ (["job", "externalId", "state"]);
const TIMES = ["startedAt", "endedAt", "lastActivityAt"];
const COUNTS = ["pid", "extracted", "skipped", "total", "exitCode"];

/** @type {Record<ImportRow["state"], string[]>} */
const STATE_WORDS = {
  queued: ["queued", "pending", "waiting", "scheduled"],
  starting: ["starting"],
  running: ["running", "active", "inprogress", "started", "processing"],
  stopping: ["stopping"],
  completed: ["completed", "complete", "success", "succeeded", "successful", "finished", "done", "ok"],
  failed: ["failed", "failure", "fail", "error", "errored", "crashed"],
  stopped: ["stopped", "cancelled", "canceled", "aborted"],
  timed_out: ["timedout", "timeout", "expired"],
  interrupted: ["interrupted", "killed", "lost"],
  cleaned: ["cleaned", "autocleaned"],
};

/** @param {string} text */
function plain(text) {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/**
 * Which column each field is read from.
 * @param {readonly string[]} columns
 * @param {ReadonlyMap<string, string>} said by --map
 * @returns {{ columns: Map<Field, string>, problems: string[] }}
 */
export function columnsOf(columns, said) {
  const found = new Map();
  const problems = [];
  for (const [field, column] of said) {
    if (!FIELDS.some((known) => known === field))
      problems.push(`--map: there is no field "${field}". There are ${FIELDS.join(", ")}.`);
    else if (!columns.includes(column))
      problems.push(`--map: there is no column "${column}". There are ${columns.join(", ")}.`);
    else found.set(field, column);
  }
  for (const field of FIELDS) {
    if (found.has(field)) continue;
    const column = ALSO_CALLED[field].flatMap((name) => columns.filter((each) => plain(each) === name))[0];
    if (column !== undefined && ![...found.values()].includes(column)) found.set(field, column);
  }
  for (const field of REQUIRED)
    if (!found.has(field))
      problems.push(
        `Expected a column for "${field}", found ${columns.join(", ")}. Say which: --map ${field}=COLUMN`,
      );
  return { columns: found, problems };
}

/**
 * @param {Readonly<Record<string, unknown>>} record
 * @param {ReadonlyMap<Field, string>} columns
 * @param {ReadonlyMap<string, string>} states by --state-map, their words in plain letters
 * @returns {{ ok: true, row: Record<string, unknown> } | { ok: false, problem: string }}
 */
export function toRow(record, columns, states) {
  /** @type {Record<string, unknown>} */
  const row = {};
  for (const [field, column] of columns) {
    const text = textOf(record[column]);
    if (text === null) continue;
    const value = valueIn(field, text, states);
    if (value === undefined)
      return { ok: false, problem: `${column}: ${expectedOf(field)}, found "${text}"` };
    row[field] = value;
  }
  const missing = REQUIRED.find((field) => row[field] === undefined);
  return missing === undefined
    ? { ok: true, row }
    : { ok: false, problem: `${columns.get(missing)}: is empty` };
}

/** @param {unknown} value */
function textOf(value) {
  if (value === null || value === undefined) return null;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value).trim();
  return text === "" || /^(null|none|nan|\\n)$/i.test(text) ? null : text;
}

/**
 * @param {string} field
 * @param {string} text
 * @param {ReadonlyMap<string, string>} states
 * @returns {unknown} undefined: it cannot be read
 */
function valueIn(field, text, states) {
  if (field === "job") return jobIdOf(text);
  if (field === "state") return stateOf(text, states);
  if (TIMES.includes(field)) return instantOf(text);
  if (COUNTS.includes(field)) return /^\d+(\.0+)?$/.test(text) ? Number(text) : undefined;
  return text;
}

/** @param {string} field */
function expectedOf(field) {
  if (field === "state") return "expected a state we know (or --state-map THEIRS=OURS)";
  if (TIMES.includes(field)) return "expected a time, such as 2026-01-31T18:00:00Z or seconds since 1970";
  if (field === "job") return "expected a name with letters or digits";
  return "expected a whole number";
}

/** Their names may have spaces and capitals; a job's id is also a folder's name. @param {string} text */
export function jobIdOf(text) {
  const id = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .replace(/-+$/, "")
    .slice(0, 63);
  return id === "" ? undefined : id;
}

/**
 * @param {string} text
 * @param {ReadonlyMap<string, string>} states
 */
export function stateOf(text, states) {
  const word = plain(text);
  return states.get(word) ?? Object.entries(STATE_WORDS).find(([, words]) => words.includes(word))?.[0];
}

/** Without a zone it is taken for UTC. @param {string} text */
export function instantOf(text) {
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return new Date(Number(text) * 1_000).toISOString();
  if (/^\d{12,14}$/.test(text)) return new Date(Number(text)).toISOString();
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [, day, time = "00:00:00", zone = "Z"] = match;
  const at = Date.parse(`${day}T${time.replace(",", ".")}${zoneOf(zone)}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** @param {string} zone */
function zoneOf(zone) {
  if (/^(Z|UTC)$/i.test(zone)) return "Z";
  const digits = zone.replace(":", "");
  return `${digits.slice(0, 3)}:${digits.slice(3) || "00"}`;
}

/**
 * `--state-map theirs=ours`
 * @param {readonly string[]} pairs
 * @returns {{ states: Map<string, string>, problems: string[] }}
 */
export function stateMapOf(pairs) {
  const states = new Map();
  const problems = [];
  for (const pair of pairs) {
    const [theirs = "", ours = ""] = split(pair);
    if (!(ours in STATE_WORDS))
      problems.push(
        `--state-map: expected theirs=ours with one of ${Object.keys(STATE_WORDS).join(", ")}, found "${pair}".`,
      );
    states.set(plain(theirs), ours);
  }
  return { states, problems };
}

/** At the first =. @param {string} pair */
export function split(pair) {
  const at = pair.indexOf("=");
  return at === -1 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}
