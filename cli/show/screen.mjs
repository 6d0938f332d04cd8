import { styleText } from "node:util";
import { table } from "./table.mjs";
import { folded, harmless } from "./width.mjs";

/**
 * Where answers go. What was asked for goes to standard output; hints and progress go to standard error, and only to a person.
 *
 * @typedef {"good" | "bad" | "odd" | "faint" | "strong"} Tone
 */

const STYLES = /** @type {const} */ ({
  good: "green",
  bad: "red",
  odd: "yellow",
  faint: "dim",
  strong: "bold",
});
const USUAL_COLUMNS = 80;
const LEAST_COLUMNS = 40;
const LEAST_ROOM = 20;
const MOST_AT_ONCE = 50;

export class Screen {
  /**
   * @param {{ json: boolean, colour: boolean }} said
   * @param {{ out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv }} streams
   */
  constructor({ json, colour }, { out, err, env }) {
    this.out = out;
    this.err = err;
    this.isJson = json;
    this.isColoured = colour && out.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
    const columns = (out.isTTY ? out.columns : undefined) || Number(env.COLUMNS) || USUAL_COLUMNS;
    this.columns = Math.max(LEAST_COLUMNS, columns);
  }

  /** @param {string} [text] */
  print(text = "") {
    this.out.write(`${text}\n`);
  }

  /** The API's answer as it came. @param {unknown} value */
  json(value) {
    this.out.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * @param {readonly import("./table.mjs").Column[]} columns
   * @param {readonly (readonly (string | number | null)[])[]} rows
   */
  table(columns, rows) {
    // Each row of a table that wraps takes several lines: a question below thousands of them would ask about
    // what was never on screen.
    const isLong = this.out.isTTY === true && columns.at(-1)?.wrap === true && rows.length > MOST_AT_ONCE;
    const shown = isLong ? rows.slice(0, MOST_AT_ONCE) : rows;
    const [titles = "", ...lines] = table(columns, shown, this.columns);
    this.print(this.paint("faint", titles));
    for (const line of lines) this.print(line);
    if (isLong)
      this.print(
        this.paint("faint", `… and ${rows.length - MOST_AT_ONCE} more; piped, or with --json, all of them`),
      );
  }

  /** Names and values below each other. @param {readonly (readonly [string, string | null])[]} pairs */
  pairs(pairs) {
    const told = pairs.filter(([, value]) => value !== null);
    const width = Math.max(...told.map(([name]) => name.length));
    for (const [name, value] of told)
      this.print(`${this.paint("faint", name.padEnd(width))}  ${this.folded(value ?? "", width + 2)}`);
  }

  /**
   * What stands behind `indent` columns, and goes on below itself.
   * @param {string} text
   * @param {number} indent
   */
  folded(text, indent) {
    const room = Math.max(LEAST_ROOM, this.columns - indent);
    return folded(harmless(text), room, { wholeWords: true }).join(`\n${" ".repeat(indent)}`);
  }

  /** Only in a terminal, for the person in front of it. @param {string} text */
  note(text) {
    if (this.err.isTTY) this.err.write(`${text}\n`);
  }

  /**
   * @param {Tone} tone
   * @param {string} text
   */
  paint(tone, text) {
    return this.isColoured ? styleText(STYLES[tone], text, { validateStream: false }) : text;
  }
}
