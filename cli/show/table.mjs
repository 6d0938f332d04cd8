import { cut, folded, harmless, widthOf } from "./width.mjs";

/**
 * `shrink`: may become narrower, down to so many columns, when the line is too long; the last such column shrinks first.
 * `wrap`: the last column goes on below itself instead of being cut off.
 * @typedef {{ title: string, align?: "right", shrink?: number, wrap?: boolean, paint?: (text: string, row: number) => string }} Column
 */

const GAP = "  ";

/**
 * Ours, since cli-table3 is given its widths: which column gives way, and how far, is what is decided here.
 * @param {readonly Column[]} columns
 * @param {readonly (readonly (string | number | null)[])[]} rows
 * @param {number} width that no line is longer than, unless what may not shrink is
 * @returns {string[]} lines, the titles first
 */
export function table(columns, rows, width) {
  const texts = rows.map((row) => columns.map((_, at) => cell(row[at])));
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...texts.map((row) => widthOf(row[at] ?? ""))),
  );
  shrink(columns, widths, width);
  const head = line(
    columns,
    columns.map(({ title }) => title),
    widths,
    null,
  );
  return [head, ...texts.flatMap((row, index) => linesOf(columns, row, widths, index))];
}

/**
 * One row: one line, or more where the last column wraps.
 * @param {readonly Column[]} columns
 * @param {readonly string[]} texts
 * @param {readonly number[]} widths
 * @param {number} row
 */
function linesOf(columns, texts, widths, row) {
  const last = columns.length - 1;
  if (columns[last]?.wrap !== true) return [line(columns, texts, widths, row)];
  const [first = "", ...more] = folded(texts[last] ?? "", widths[last] ?? 0);
  const indent = widths.slice(0, last).reduce((sum, each) => sum + each + GAP.length, 0);
  return [
    line(columns, [...texts.slice(0, last), first], widths, row),
    ...more.map((text) => " ".repeat(indent) + text),
  ];
}

/** @param {string | number | null | undefined} value */
function cell(value) {
  return value === null || value === undefined ? "–" : harmless(String(value));
}

/**
 * @param {readonly Column[]} columns
 * @param {number[]} widths changed in place
 * @param {number} width
 */
function shrink(columns, widths, width) {
  let over = widths.reduce((sum, each) => sum + each, (columns.length - 1) * GAP.length) - width;
  for (let at = columns.length - 1; at >= 0 && over > 0; at -= 1) {
    const least = columns[at]?.shrink;
    const has = widths[at] ?? 0;
    if (least === undefined || has <= least) continue;
    const given = Math.min(over, has - least);
    widths[at] = has - given;
    over -= given;
  }
}

/**
 * @param {readonly Column[]} columns
 * @param {readonly string[]} texts
 * @param {readonly number[]} widths
 * @param {number | null} row null: the titles
 */
function line(columns, texts, widths, row) {
  return columns
    .map(({ align, paint }, at) => {
      const columnsWide = widths[at] ?? 0;
      const shown = cut(texts[at] ?? "", columnsWide);
      const room = " ".repeat(Math.max(0, columnsWide - widthOf(shown)));
      const painted = row === null || paint === undefined ? shown : paint(shown, row);
      return align === "right" ? room + painted : painted + room;
    })
    .join(GAP)
    .trimEnd();
}
