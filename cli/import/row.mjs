import { COUNTS, REQUIRED, TIMES } from "./columns.mjs";
import { isOfCreation } from "./names.mjs";
import { ACTIVE, stateOf, stateOfExit } from "./states.mjs";
import { readTime } from "./times.mjs";
import { externalIdOf, jobIdOf, textOf } from "./words.mjs";

/**
 * @typedef {import("./names.mjs").Field} Field
 * @typedef {{ readers: ReadonlyMap<Field, import("./columns.mjs").Reader>, reading: import("./times.mjs").Reading, states: ReadonlyMap<string, string>, stateIsExitCode: boolean, withTitles: boolean, onSeveralHosts: boolean }} Plan
 * @typedef {{ column: string, text: string }} Found
 */

const MAX_ERROR = 2_000;
const MAX_TITLE = 120;
const MAX_HOST = 255;
const SIGNALS = new Map(
  Object.entries({
    HUP: 1,
    INT: 2,
    QUIT: 3,
    ILL: 4,
    TRAP: 5,
    ABRT: 6,
    BUS: 7,
    FPE: 8,
    KILL: 9,
    USR1: 10,
    SEGV: 11,
    USR2: 12,
    PIPE: 13,
    ALRM: 14,
    TERM: 15,
  }),
);

/**
 * What a row of another system says in our words.
 * @param {Readonly<Record<string, unknown>>} record
 * @param {Plan} plan
 * @returns {{ ok: true, row: Record<string, unknown> } | { ok: false, problem: string }}
 */
export function toRow(record, plan) {
  /** @type {Record<string, unknown>} */
  const row = {};
  /** @type {Map<Field, Found>} */
  const texts = new Map();
  for (const [field, { columns, other }] of plan.readers) {
    const found = textIn(record, columns, field === "state");
    if (found === null) continue;
    texts.set(field, found);
    const value = valueIn(field, found.text, plan);
    if (value === undefined && field !== "pid") return unreadable(field, found, plan);
    if (value !== null && value !== undefined) row[field] = value;
    if (other !== undefined) row.otherId = otherIdOf(record, other);
    if (field === "job" && plan.withTitles) row.jobTitle = shown(found.text, MAX_TITLE);
  }
  // No exit code: it has not ended, or how is not known.
  if (plan.stateIsExitCode) row.state ??= row.endedAt === undefined ? "running" : "interrupted";
  const missing = REQUIRED.find((field) => row[field] === undefined);
  if (missing !== undefined)
    return { ok: false, problem: `${plan.readers.get(missing)?.columns[0]?.join("+")}: is empty` };
  // A run that is over needs no process; of one that is not, “none” would be a guess that lets it be called dead.
  const pid = texts.get("pid");
  if (pid !== undefined && ACTIVE.includes(String(row.state)) && pidIn(pid.text) === undefined)
    return unreadable("pid", pid, plan);
  return { ok: true, row: settled(row, texts.get("startedAt"), plan) };
}

/**
 * @param {Field} field
 * @param {Found} found
 * @param {Plan} plan
 * @returns {{ ok: false, problem: string }}
 */
function unreadable(field, { column, text }, plan) {
  return { ok: false, problem: `${column}: ${expectedOf(field, plan)}, found "${shown(text)}"` };
}

/** @param {Readonly<Record<string, unknown>>} record @param {readonly string[]} columns */
function otherIdOf(record, columns) {
  const found = textIn(record, [columns], false);
  return found === null ? null : externalIdOf(found.text);
}

/**
 * @param {Readonly<Record<string, unknown>>} record
 * @param {readonly (readonly string[])[]} columns
 * @param {boolean} withNothing an empty state can be given a meaning
 * @returns {Found | null}
 */
function textIn(record, columns, withNothing) {
  for (const joined of columns) {
    const texts = joined.flatMap((column) => textOf(record[column]) ?? []);
    if (texts.length > 0) return { column: joined.join("+"), text: texts.join("/") };
  }
  return withNothing ? { column: columns[0]?.join("+") ?? "", text: "" } : null;
}

/**
 * @param {Field} field
 * @param {string} text
 * @param {Plan} plan
 * @returns {unknown} undefined: it cannot be read; null: it says nothing
 */
function valueIn(field, text, plan) {
  if (field === "job") return jobIdOf(text);
  if (field === "externalId") return externalIdOf(text);
  if (field === "state") return stateIn(text, plan);
  if (TIMES.includes(field)) return timeIn(text, plan.reading);
  if (field === "exitCode") return exitCodeIn(text);
  if (field === "error") return cutMiddle(text, MAX_ERROR);
  if (field === "host") return hostIn(text);
  if (field === "pid") return pidIn(text);
  if (COUNTS.includes(field)) return countIn(text);
  return text;
}

/** @param {string} text @param {Plan} plan */
function stateIn(text, { states, stateIsExitCode }) {
  if (stateIsExitCode) {
    if (text === "") return states.get("") ?? null;
    const code = exitCodeIn(text);
    return code === undefined || code === null ? undefined : stateOfExit(code);
  }
  return text === "" ? (states.get("") ?? null) : stateOf(text, states);
}

/** @param {string} text @param {import("./times.mjs").Reading} reading */
function timeIn(text, reading) {
  const time = readTime(text, reading);
  if (time === null || time.kind === "either") return undefined;
  if (time.kind === "unset") return null;
  const at = new Date(time.at);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** @param {string} text @returns {number | null | undefined} */
function exitCodeIn(text) {
  const number = /^(?:\D*[ :=(])?(-?\d+)(?:\.0+)?\)?$/.exec(text)?.[1];
  if (number !== undefined) return Math.abs(Number(number)) <= 2 ** 32 ? Number(number) : undefined;
  const signal = SIGNALS.get(text.toUpperCase().replace(/^SIG/, ""));
  return signal === undefined ? undefined : -signal;
}

/** Twelve, or twelve thousand as a European Excel writes it. */
const EITHER = /^-?[1-9]\d{0,2}\.000$/;

/** Negative numbers stand for “not known”. @param {string} text @returns {number | null | undefined} */
function countIn(text) {
  const digits = /^\d{1,3}(,\d{3})+$/.test(text) ? text.replaceAll(",", "") : text;
  if (!/^-?\d+(\.0+)?$/.test(digits) || EITHER.test(digits)) return undefined;
  return Number(digits) < 0 ? null : Number(digits);
}

/**
 * Prefect writes `host:pid`, and `name:name` for what is no process; 0 and -1 stand for none, and so does what has no digit.
 * @param {string} text
 * @returns {number | string | null | undefined}
 */
function pidIn(text) {
  const number = countIn(text);
  if (number !== undefined) return number === 0 ? null : number;
  if (/^\S+:\d+$/.test(text)) return text;
  return /\d/.test(text) && !/^[^\s:]+:\S+$/.test(text) ? undefined : null;
}

/** `celery@box`, `http://box:6800` and `box:6800` are on box. @param {string} text */
function hostIn(text) {
  const host = text
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/^[^@]*@/, "")
    .replace(/[/?#].*$/, "")
    .replace(/:\d+$/, "");
  return host === "" ? null : host.slice(0, MAX_HOST);
}

/**
 * What only the whole row tells.
 * @param {Record<string, unknown>} row changed in place
 * @param {Found | undefined} start
 * @param {Plan} plan
 */
function settled(row, start, { reading, onSeveralHosts }) {
  if (typeof row.pid === "string") {
    const at = row.pid.lastIndexOf(":");
    row.host ??= row.pid.slice(0, at);
    row.pid = Number(row.pid.slice(at + 1));
  }
  if (!ACTIVE.includes(String(row.state))) return row;
  // What is active has not ended: such tables write the time of the last change there.
  if (row.endedAt !== undefined) {
    row.lastActivityAt ??= row.endedAt;
    delete row.endedAt;
  }
  if (row.pid === undefined) return row;
  if (start !== undefined && isEarliest(start, reading)) row.startIsEarliest = true;
  if (onSeveralHosts && row.host === undefined) row.hostIsUnsure = true;
  return row;
}

/** @param {Found} start @param {import("./times.mjs").Reading} reading */
function isEarliest({ column, text }, reading) {
  const time = readTime(text, reading);
  return isOfCreation(column) || (time !== null && "isDay" in time && time.isDay);
}

/** @param {Field} field @param {Plan} plan */
function expectedOf(field, { reading }) {
  if (field === "state") return "expected a state we know (or --state-map THEIRS=OURS)";
  if (TIMES.includes(field))
    return reading.order === null
      ? "expected a time, such as 2026-01-31T18:00:00Z or seconds since 1970 (where day and month can be either: --dates dmy or --dates mdy)"
      : "expected a time, such as 2026-01-31T18:00:00Z or seconds since 1970";
  if (field === "job") return "expected a name with letters or digits";
  if (field === "exitCode") return "expected an exit code, such as 1 or -9";
  if (field === "pid") return "expected one whole number (--map pid= leaves the column out)";
  return `expected a whole number, of which 12.000 can be two (--map ${field}= leaves the column out)`;
}

/** Of one line, and short. @param {string} text */
export function shown(text, most = 80) {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** As lib/domain/cut-text.ts does it, so that no more is sent than is kept. @param {string} text @param {number} most */
function cutMiddle(text, most) {
  if (text.length <= most) return text;
  const mark = `\n… ${text.length - most} more characters were cut here …\n`;
  const room = most - mark.length;
  const head = text.slice(0, Math.floor(room / 4)).replace(/[\uD800-\uDBFF]$/, "");
  return `${head}${mark}${text.slice(text.length - (room - Math.floor(room / 4))).replace(/^[\uDC00-\uDFFF]/, "")}`;
}
