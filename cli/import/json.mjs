import { isNamed } from "./names.mjs";

/**
 * JSON of any size: a list, an object that holds lists, one object a line, or one after another.
 * @typedef {import("./csv.mjs").Given} Given
 */

/** The column with the name of the list a row stood in, where a file has several (Scrapyd's pending, running, finished). */
export const LIST_COLUMN = "(list)";
const DEEPEST = 3;
const MOST_LENGTH = 512 * 1024 * 1024 - 64;

/**
 * @param {AsyncIterable<string>} pieces
 * @returns {AsyncGenerator<Given>}
 */
export async function* rowsOfJson(pieces) {
  let number = 0;
  for await (const text of elementsOf(pieces)) {
    for (const value of valuesIn(text)) {
      number += 1;
      if (value instanceof Error)
        yield { number, problem: `it is no JSON (${value.message.slice(0, 120)}): ${text.slice(0, 60)}` };
      else if (typeof value !== "object" || value === null || Array.isArray(value))
        yield { number, problem: `expected an object, found ${JSON.stringify(value).slice(0, 60)}` };
      else yield { number, record: flat(/** @type {Record<string, unknown>} */ (value)) };
    }
  }
}

/**
 * The texts of the values: the elements of a list at the top, else the values at the top.
 * @param {AsyncIterable<string>} pieces
 * @returns {AsyncGenerator<string>}
 */
async function* elementsOf(pieces) {
  const scan = new Scan();
  let text = "";
  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const did = scan.take(piece[at] ?? "");
      if (did === "goes on") continue;
      // What ends an element by following it is no part of it; what closes it is.
      const end = did === "closed" ? at + 1 : at;
      const whole = text + piece.slice(from, end);
      text = "";
      from = did === "skipped" ? at + 1 : end;
      if (did !== "skipped" && whole.trim() !== "") yield whole;
    }
    text += piece.slice(from);
    if (text.length > MOST_LENGTH) throw new Error("one value in it is larger than 512 MB");
  }
  if (text.trim() !== "") yield text;
}

/** Follows values character by character. A value that is broken ends where a line begins with the next one. */
class Scan {
  /** Nothing of a value yet, or what kind of value we are in. @type {"" | "list or object" | "text" | "bare"} */
  within = "";
  isAtTop = true;
  isList = false;
  depth = 0;
  isText = false;
  isEscaped = false;
  /** Objects that are spread over lines begin with a line that holds a brace alone. */
  isSpread = false;
  length = 0;
  before = "";

  /**
   * @param {string} character
   * @returns {"goes on" | "skipped" | "closed" | "ended before"} what it is to the value
   */
  take(character) {
    const before = this.before;
    this.before = character;
    if (this.within === "") return this.between(character);
    this.length += 1;
    if (this.length === 2) this.isSpread = character === "\n" || character === "\r";
    if (before === "\n" && character === "{" && !this.isSpread) {
      this.begin(character);
      return "ended before";
    }
    if (this.within === "bare") {
      if (!/[\s,\]]/.test(character)) return "goes on";
      this.within = "";
      if (character === "]") this.isList = false;
      return "ended before";
    }
    if (this.isEscaped) this.isEscaped = false;
    else if (this.isText && character === "\\") this.isEscaped = true;
    else if (character === '"') this.isText = !this.isText;
    else if (!this.isText && (character === "{" || character === "[")) this.depth += 1;
    else if (!this.isText && (character === "}" || character === "]")) this.depth -= 1;
    if (this.isText || this.depth > 0) return "goes on";
    this.within = "";
    return "closed";
  }

  /** @param {string} character */
  between(character) {
    if (/[\s,\ufeff]/.test(character)) return "skipped";
    if (this.isAtTop && character === "[") {
      this.isList = true;
      this.isAtTop = false;
      return "skipped";
    }
    this.isAtTop = false;
    if (this.isList && character === "]") {
      this.isList = false;
      return "skipped";
    }
    this.begin(character);
    return "goes on";
  }

  /** @param {string} character */
  begin(character) {
    this.within =
      character === "{" || character === "[" ? "list or object" : character === '"' ? "text" : "bare";
    this.depth = this.within === "list or object" ? 1 : 0;
    this.isText = this.within === "text";
    this.isEscaped = false;
    this.isSpread = false;
    this.length = 1;
  }
}

/**
 * The rows of a value: those of the lists it holds, each with what stood beside the lists, or itself.
 * @param {string} text
 * @returns {unknown[]}
 */
function valuesIn(text) {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || value instanceof Error || Array.isArray(value))
    return [value];
  const lists = Object.entries(value).filter(([, list]) => Array.isArray(list) && list.every(isRecord));
  const scalars = Object.entries(value).filter(([, each]) => typeof each !== "object");
  const isHolder = lists.some(([, list]) => list.length > 0) && scalars.length <= 6 && !isRun(value);
  if (!isHolder) return lists.length > 0 && scalars.length === 0 ? [] : [value];
  const around = Object.fromEntries(scalars.filter(([name]) => /node|host|server/i.test(name)));
  return lists.flatMap(([name, list]) =>
    list.map((/** @type {object} */ each) => ({
      ...around,
      ...each,
      ...(lists.length > 1 ? { [LIST_COLUMN]: name } : {}),
    })),
  );
}

/**
 * Whether an object is a run by its own columns, whatever lists it holds (its errors, its steps): it has an id, or a job and what became
 * of it, and is no project or server that holds runs with ids.
 * @param {object} value
 */
function isRun(value) {
  const names = namesOf(value);
  if (names.some((name) => /id$/i.test(name))) return true;
  if (!has(names, "job") || !["state", "startedAt", "exitCode"].some((field) => has(names, field)))
    return false;
  const inner = Object.values(value).flatMap((list) => (Array.isArray(list) ? namesOf(list[0] ?? {}) : []));
  return !(inner.some((name) => /id$/i.test(name)) && has(inner, "state"));
}

/** Of what is no list. @param {object} value */
function namesOf(value) {
  return Object.entries(value).flatMap(([name, each]) => (Array.isArray(each) ? [] : [name]));
}

/** @param {readonly string[]} names @param {string} field */
function has(names, field) {
  return names.some((name) => isNamed(name, /** @type {import("./names.mjs").Field} */ (field)));
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {string} text */
function parsed(text) {
  try {
    return ofJson(text);
  } catch (error) {
    try {
      // Python and pandas write these, which JSON does not have.
      return ofJson(text.replaceAll(/(?<=[:[,]\s*)-?(?:NaN|Infinity)(?=\s*[,}\]])/g, "null"));
    } catch {
      return error;
    }
  }
}

/** From so many digits on a number may be another one by the time it is read. */
const LONG_NUMBER = /\d{16}/;

/** Whole numbers that JavaScript would round stay as they are written: two ids side by side must not become one. @param {string} text */
function ofJson(text) {
  return LONG_NUMBER.test(text) ? JSON.parse(text, /** @type {any} */ (asWritten)) : JSON.parse(text);
}

/**
 * @param {string} _name
 * @param {unknown} value
 * @param {{ source?: string }} [context] what stands in the text, of a value that is no list or object
 */
function asWritten(_name, value, context) {
  const text = context?.source ?? "";
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(text) ? text : value;
}

/**
 * Objects in objects become columns such as `state.type`; Mongo's extended JSON becomes what it stands for.
 * @param {Record<string, unknown>} value
 * @param {string} [above]
 * @param {number} [depth]
 * @returns {Record<string, unknown>}
 */
function flat(value, above = "", depth = 1) {
  /** @type {Record<string, unknown>} */
  const record = {};
  for (const [name, given] of Object.entries(value)) {
    const each = meant(given);
    if (isRecord(each) && depth < DEEPEST && Object.keys(/** @type {object} */ (each)).length > 0)
      Object.assign(
        record,
        flat(/** @type {Record<string, unknown>} */ (each), `${above}${name}.`, depth + 1),
      );
    else record[`${above}${name}`] = each;
  }
  return record;
}

/** `{"$date": …}`, `{"$oid": …}`, `{"$numberLong": …}` @param {unknown} value @returns {unknown} */
function meant(value) {
  if (!isRecord(value)) return value;
  const [[name, inner] = ["", null], ...others] = Object.entries(/** @type {object} */ (value));
  if (others.length > 0 || !name.startsWith("$")) return value;
  return isRecord(inner) ? meant(inner) : inner;
}
