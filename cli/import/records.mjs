import { createReadStream, readFileSync } from "node:fs";
import { EXIT, Refusal } from "../exit-codes.mjs";

/**
 * The rows of a file, one by one, so that a large one needs little memory.
 * @param {string} file
 * @returns {AsyncGenerator<Record<string, unknown>>}
 */
export async function* recordsOf(file) {
  try {
    yield* /\.(json|ndjson|jsonl)$/i.test(file) ? jsonRecords(file) : await csvRecords(file);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(EXIT.usage, `${file} could not be read: ${why}`);
  }
}

/** @param {string} file */
async function csvRecords(file) {
  const { parse } = await import("csv-parse");
  const options = { columns: true, bom: true, trim: true, skip_empty_lines: true, relax_column_count: true };
  const stream = createReadStream(file);
  const parser = parse(options);
  stream.once("error", (error) => parser.destroy(error));
  return stream.pipe(parser);
}

/** A list, an object that holds one list, or an object a line. @param {string} file */
function* jsonRecords(file) {
  const text = readFileSync(file, "utf8").trim();
  for (const record of listIn(text)) {
    if (typeof record !== "object" || record === null || Array.isArray(record))
      throw new Refusal(
        EXIT.usage,
        `Expected objects in ${file}, found ${JSON.stringify(record).slice(0, 60)}.`,
      );
    yield/** @type {Record<string, unknown>} */ (record);
  }
}

/**
 * @param {string} text
 * @returns {unknown[]}
 */
function listIn(text) {
  const whole = parsedOrNull(text);
  if (Array.isArray(whole)) return whole;
  if (whole !== null && typeof whole === "object") {
    const lists = Object.values(whole).filter(Array.isArray);
    return lists.length === 1 ? lists.flat() : [whole];
  }
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

/** @param {string} text */
function parsedOrNull(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
