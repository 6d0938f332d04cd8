import { parse } from "csv-parse/sync";
import { csvRecords } from "./csv-records.mjs";

/** @typedef {{ number: number, record: Record<string, unknown> } | { number: number, problem: string }} Given a row, counted from 1 */
/** @typedef {{ delimiter: string, escaping: string }} Form */

const DELIMITERS = [",", ";", "\t", "|"];
const SAMPLE = 256 * 1024;
const SAMPLE_RECORDS = 100;
const BATCH = 500;
const NAMES = /** @type {const} */ ({ "\t": "tab", ";": "semicolon", ",": "comma", "|": "|" });

/** @param {string} delimiter */
export function nameOfDelimiter(delimiter) {
  return NAMES[/** @type {keyof typeof NAMES} */ (delimiter)] ?? delimiter;
}

/**
 * What the beginning of a file shows of its form.
 * @param {string} text
 * @param {string | null} said by `--delimiter`
 * @returns {{ delimiter: string, escaping: string, isSure: boolean }}
 */
export function formOf(text, said) {
  const sample = text.slice(0, SAMPLE);
  // MySQL and others write \" where everybody else writes "".
  const escaping = sample.includes('\\"') && !/[^",;|\t]""[^,;|\t\r\n]/.test(sample) ? "\\" : '"';
  const named = /^\s*sep=(.)\s*\r?\n/i.exec(sample)?.[1];
  if (said !== null || named !== undefined)
    return { delimiter: said ?? named ?? ",", escaping, isSure: true };
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, ...scoreOf(sample, delimiter, escaping) }));
  const [best = { delimiter: ",", columns: 1, share: 0 }] = scores.sort(
    (a, b) => b.share * Math.min(b.columns, 8) - a.share * Math.min(a.columns, 8),
  );
  return { delimiter: best.columns > 1 ? best.delimiter : ",", escaping, isSure: best.share > 0.9 };
}

/**
 * @param {string} sample
 * @param {string} delimiter
 * @param {string} escaping
 */
function scoreOf(sample, delimiter, escaping) {
  const counts = [];
  for (const { cells } of csvRecords.ofText(sample, { delimiter, escaping })) {
    counts.push(cells);
    if (counts.length === SAMPLE_RECORDS) break;
  }
  const columns = counts[0] ?? 1;
  // The last record of a sample may be half a one.
  const whole = counts.slice(0, Math.max(1, counts.length - 1));
  return {
    columns,
    share: columns > 1 ? whole.filter((count) => count === columns).length / whole.length : 0,
  };
}

/**
 * @param {AsyncIterable<string>} pieces
 * @param {Form} form
 * @returns {AsyncGenerator<Given>}
 */
export async function* rowsOfCsv(pieces, form) {
  /** @type {string[] | null} */
  let titles = null;
  let number = 0;
  /** @type {import("./csv-records.mjs").CsvRecord[]} */
  let batch = [];
  function* flush() {
    const given = batch;
    batch = [];
    for (const { cells, broken } of cellsOf(given, form)) {
      if (titles === null) titles = titlesOf(cells);
      else {
        number += 1;
        yield rowOf(titles, cells, number, broken, form.delimiter);
      }
    }
  }
  for await (const record of csvRecords.ofPieces(pieces, form)) {
    batch.push(record);
    if (batch.length >= (titles === null ? 1 : BATCH)) yield* flush();
  }
  yield* flush();
}

const ODD_QUOTES = "its quotes cannot be made sense of";

/**
 * @param {readonly import("./csv-records.mjs").CsvRecord[]} records
 * @param {Form} form
 * @returns {{ cells: string[], broken: string | null }[]}
 */
function cellsOf(records, form) {
  const sound = records.filter(({ broken }) => broken === null).map(({ text }) => text);
  const together = parsed(sound.join("\n"), form, form.delimiter !== "\t");
  // One that it cannot read costs all of them, and one that it reads as two or with the next would shift the others.
  const each = together?.length === sound.length ? together : sound.map((text) => cellsOfOne(text, form));
  let at = 0;
  return records.map(({ text, broken }) => {
    if (broken !== null) return { cells: text.split(form.delimiter), broken };
    const cells = each[at++] ?? null;
    return cells === null ? { cells: text.split(form.delimiter), broken: ODD_QUOTES } : { cells, broken };
  });
}

/**
 * By itself. `"he said "no" to it"` is read only without the trimming, which is done here then.
 * @param {string} text
 * @param {Form} form
 * @returns {string[] | null} null: it cannot be read
 */
function cellsOfOne(text, form) {
  const trimmed = parsed(text, form, form.delimiter !== "\t");
  if (trimmed?.length === 1) return trimmed[0] ?? null;
  const asItStands = parsed(text, form, false);
  if (asItStands?.length !== 1) return null;
  return (asItStands[0] ?? []).map((cell) => cell.trim().replace(/^"(.*)"$/s, "$1"));
}

/**
 * @param {string} text
 * @param {Form} form
 * @param {boolean} trim
 * @returns {string[][] | null} null: it cannot be read
 */
function parsed(text, form, trim) {
  try {
    return parse(text, {
      delimiter: form.delimiter,
      escape: form.escaping,
      record_delimiter: ["\n"],
      relax_column_count: true,
      relax_quotes: true,
      trim,
      skip_empty_lines: true,
    });
  } catch {
    return null;
  }
}

/** Of two columns with one name both are kept, and one without a name gets its place. @param {readonly string[]} cells */
function titlesOf(cells) {
  /** @type {string[]} */
  const titles = [];
  cells.forEach((cell, at) => {
    const name = cell.trim() === "" ? `column ${at + 1}` : cell.trim();
    const same = cells.slice(0, at).filter((other) => other.trim() === name).length;
    titles.push(same === 0 ? name : `${name} (${same + 1})`);
  });
  return titles;
}

/**
 * @param {readonly string[]} titles
 * @param {readonly string[]} cells
 * @param {number} number
 * @param {string | null} broken
 * @param {string} delimiter
 * @returns {Given}
 */
function rowOf(titles, cells, number, broken, delimiter) {
  if (broken !== null) return { number, problem: broken };
  if (cells.slice(titles.length).some((cell) => cell.trim() !== ""))
    return {
      number,
      problem: `it has ${cells.length} cells under ${titles.length} titles: a text in it has a ${nameOfDelimiter(delimiter)} and no quotes around it`,
    };
  return { number, record: Object.fromEntries(titles.map((title, at) => [title, cells[at] ?? null])) };
}
