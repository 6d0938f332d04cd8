import { EXIT, Refusal } from "../exit-codes.mjs";
import { formOf, rowsOfCsv } from "./csv.mjs";
import { rowsOfJson } from "./json.mjs";
import { textOfFile } from "./open-file.mjs";

/**
 * @typedef {import("./csv.mjs").Given} Given
 * @typedef {import("./open-file.mjs").Source} Source
 * @typedef {{ is: "json" } | { is: "csv", delimiter: string, escaping: string, isSure: boolean }} Form
 */

const BEGINNING = 300_000;

/**
 * What kind of table a file is, by how it begins.
 * @param {Source} source its encoding is set when it is not what it was taken for
 * @param {string | null} delimiter by `--delimiter`
 * @returns {Promise<Form>}
 */
export async function lookAtForm(source, delimiter) {
  let text = "";
  try {
    text = await beginningOf(source);
  } catch (error) {
    if (!isNotUtf8(error)) throw error;
    source.encoding = "windows-1252";
    text = await beginningOf(source);
  }
  if (delimiter === null && /^\s*(\{|\[\s*[[{\]])/.test(text)) return { is: "json" };
  return { is: "csv", ...formOf(text, delimiter) };
}

/** @param {Source} source */
async function beginningOf(source) {
  let text = "";
  for await (const piece of textOfFile(source)) {
    text += piece;
    if (text.length >= BEGINNING) break;
  }
  return text;
}

/**
 * The rows of a file, one by one, so that a large one needs little memory.
 * @param {Source} source
 * @param {Form} form
 * @returns {AsyncGenerator<Given>}
 */
export async function* rowsOf(source, form) {
  try {
    const pieces = textOfFile(source);
    yield* form.is === "json" ? rowsOfJson(pieces) : rowsOfCsv(pieces, form);
  } catch (error) {
    if (error instanceof Refusal || isNotUtf8(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(EXIT.usage, `${source.name} could not be read: ${why}`);
  }
}

/** @param {unknown} error */
export function isNotUtf8(error) {
  return error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
}
