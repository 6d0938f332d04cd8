import { mayIdentify } from "./names.mjs";
import { isNotUtf8, rowsOf } from "./records.mjs";
import { Seen } from "./seen.mjs";
import { stateOf } from "./states.mjs";
import { orderIn, readTime } from "./times.mjs";
import { textOf } from "./words.mjs";

/**
 * What all rows of a file hold, in memory that does not grow with them.
 * @typedef {{ columns: Map<string, ColumnSeen>, rows: number, leftOut: number }} Survey
 */

const SAMPLED = 2_000;
const MOST_COLUMNS = 500;
const MOST_DISTINCT = 200;
const EXAMPLES = 3;
const LONGEST_WORD = 80;

/** One column, value by value. */
class ColumnSeen {
  filled = 0;
  /** How many values were looked at closely; of these so many are times, whole numbers, words for states. */
  seen = 0;
  times = 0;
  whole = 0;
  states = 0;
  naive = 0;
  either = 0;
  repeats = 0;
  /** @type {string[]} */
  examples = [];
  /** @type {Set<string>} */
  orders = new Set();
  /** @type {Map<string, number> | null} */
  distinct = new Map();

  /** @param {string} name */
  constructor(name) {
    /** @type {Seen | null} while rows are read */
    this.ids = mayIdentify(name) ? new Seen() : null;
  }

  /** @param {string} text @param {ReadonlyMap<string, string>} states */
  take(text, states) {
    this.filled += 1;
    if (this.ids !== null && !this.ids.add(text)) this.repeats += 1;
    if (this.distinct !== null) {
      if (text.length <= LONGEST_WORD) this.distinct.set(text, (this.distinct.get(text) ?? 0) + 1);
      if (text.length > LONGEST_WORD || this.distinct.size > MOST_DISTINCT) this.distinct = null;
    }
    const order = /^\d\d?[/-]\d\d?[/-]/.test(text) ? orderIn(text) : null;
    if (order !== null) this.orders.add(order);
    if (this.seen >= SAMPLED) return;
    this.seen += 1;
    if (this.examples.length < EXAMPLES && !this.examples.includes(text)) this.examples.push(text);
    if (text.length > LONGEST_WORD) return;
    const time = readTime(text);
    if (time !== null) this.times += 1;
    if (time?.kind === "naive" || time?.kind === "serial" || time?.kind === "either") this.naive += 1;
    if (time?.kind === "either") this.either += 1;
    if (/^-?\d{1,3}(,\d{3})+$|^-?\d+(\.0+)?$/.test(text)) this.whole += 1;
    if (stateOf(text, states) !== undefined) this.states += 1;
  }
}

/**
 * @param {import("./open-file.mjs").Source} source its encoding is set when it is not what it was taken for
 * @param {import("./records.mjs").Form} form
 * @param {ReadonlyMap<string, string>} states by `--state-map`
 * @returns {Promise<Survey>}
 */
export async function surveyOf(source, form, states) {
  try {
    return await look(source, form, states);
  } catch (error) {
    if (!isNotUtf8(error)) throw error;
    source.encoding = "windows-1252";
    return look(source, form, states);
  }
}

/**
 * @param {import("./open-file.mjs").Source} source
 * @param {import("./records.mjs").Form} form
 * @param {ReadonlyMap<string, string>} states
 */
async function look(source, form, states) {
  /** @type {Survey} */
  const survey = { columns: new Map(), rows: 0, leftOut: 0 };
  /** @type {Set<string>} */
  const leftOut = new Set();
  for await (const given of rowsOf(source, form)) {
    survey.rows = given.number;
    if ("problem" in given) continue;
    for (const [name, value] of Object.entries(given.record)) {
      let column = survey.columns.get(name);
      if (column === undefined) {
        if (survey.columns.size >= MOST_COLUMNS) {
          if (leftOut.size < MOST_COLUMNS) leftOut.add(name);
          continue;
        }
        column = new ColumnSeen(name);
        survey.columns.set(name, column);
      }
      const text = textOf(value);
      if (text !== null) column.take(text, states);
    }
  }
  survey.leftOut = leftOut.size;
  for (const column of survey.columns.values()) column.ids = null;
  return survey;
}
