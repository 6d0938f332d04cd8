/**
 * Where one record of a table in text ends and the next begins. A quote that is opened and never closed would swallow every row up
 * to the next quote: such a row is told by itself, and the next line is a row again. The cells are csv-parse's work.
 *
 * @typedef {{ delimiter: string, escaping: string }} Form
 * @typedef {{ text: string, cells: number, broken: string | null }} CsvRecord
 */

const MOST_LINES = 2_000;
const MOST_LENGTH = 4 * 1024 * 1024;
const NEVER_CLOSED = "a quote is opened in it and never closed";
/** psql, mysql and Markdown draw these below the titles and around the table; psql counts the rows at the end. */
const RULE = /^[\s+|:-]*--[\s+|:-]*$/;
const COUNT = /^\(\d+ rows?\)$/;

/**
 * @param {Iterable<string>} lines
 * @param {Form} form
 * @returns {Generator<CsvRecord>}
 */
function* recordsOfLines(lines, form) {
  const cutter = recordCutter(form);
  for (const line of lines) yield* cutter.take(line);
  yield* cutter.end();
}

export const csvRecords = {
  /** @param {string} text @param {Form} form */
  ofText: (text, form) => recordsOfLines(text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/), form),
  /** @param {AsyncIterable<string>} pieces @param {Form} form @returns {AsyncGenerator<CsvRecord>} */
  async *ofPieces(pieces, form) {
    const cutter = recordCutter(form);
    let rest = "";
    for await (const piece of pieces) {
      const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) yield* cutter.take(line);
    }
    if (rest !== "") yield* cutter.take(rest.replace(/\r$/, ""));
    yield* cutter.end();
  },
};

/** @param {Form} form */
function recordCutter(form) {
  /** @type {string[]} */
  let open = [];
  let scan = newScan();
  let length = 0;
  let columns = 0;
  let isFirstLine = true;
  const reset = () => {
    open = [];
    scan = newScan();
    length = 0;
  };
  /** The first line by itself, and the others again. @returns {Generator<CsvRecord>} */
  function* giveUp() {
    const [first = "", ...others] = open;
    reset();
    yield { text: first, cells: 0, broken: NEVER_CLOSED };
    for (const line of others) yield* take(line);
  }
  /** @param {string} given @returns {Generator<CsvRecord>} */
  function* take(given) {
    const isTitleOfExcel = isFirstLine && /^\s*sep=.\s*$/i.test(given);
    isFirstLine = false;
    const line = form.delimiter === "|" && open.length === 0 ? withoutFrame(given) : given;
    if (
      open.length === 0 &&
      (isTitleOfExcel || line.trim() === "" || RULE.test(line) || COUNT.test(line.trim()))
    )
      return;
    open.push(line);
    length += line.length;
    scanLine(line, form, scan);
    if (scan.isStrange && open.length > 1) return yield* giveUp();
    if (scan.isQuoted) {
      if (open.length > MOST_LINES || length > MOST_LENGTH) yield* giveUp();
      return;
    }
    const cells = scan.delimiters + 1;
    if (open.length > 1 && columns > 0 && cells > columns) return yield* giveUp();
    if (columns === 0) columns = cells;
    const text = open.join("\n");
    reset();
    yield { text, cells, broken: null };
  }
  return {
    take,
    *end() {
      while (open.length > 0) yield* giveUp();
    },
  };
}

function newScan() {
  return { isQuoted: false, isStrange: false, delimiters: 0 };
}

/**
 * @param {string} line
 * @param {Form} form
 * @param {ReturnType<typeof newScan>} scan changed in place
 */
function scanLine(line, { delimiter, escaping }, scan) {
  let isFieldStart = !scan.isQuoted;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (scan.isQuoted) {
      if (character === escaping && escaping !== '"') at += 1;
      else if (character !== '"') continue;
      else if (escaping === '"' && line[at + 1] === '"') at += 1;
      else if (isFieldEnd(line, at + 1, delimiter)) scan.isQuoted = false;
      else scan.isStrange = true;
    } else if (character === delimiter) {
      scan.delimiters += 1;
      isFieldStart = true;
    } else if (character === '"' && isFieldStart) {
      scan.isQuoted = true;
      isFieldStart = false;
    } else if (character !== " ") isFieldStart = false;
  }
}

/** @param {string} line @param {number} at @param {string} delimiter */
function isFieldEnd(line, at, delimiter) {
  let next = at;
  while (line[next] === " ") next += 1;
  return next >= line.length || line[next] === delimiter;
}

/** `| a | b |` as mysql and Markdown draw it. @param {string} line */
function withoutFrame(line) {
  const framed = /^\s*\|(.*)\|\s*$/.exec(line);
  return framed?.[1] ?? line;
}
