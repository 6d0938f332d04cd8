import { stripVTControlCharacters } from "node:util";
import widthOf from "fast-string-width";

/**
 * How many columns of a terminal a text takes. What comes from outside goes through `harmless` first: version 3.0.2 needs quadratic time for
 * links (OSC 8) that are never closed.
 */
export { widthOf };

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Shortens a plain text to so many columns, with … at its end.
 * @param {string} text
 * @param {number} columns
 */
export function cut(text, columns) {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * A plain text in lines of so many columns, broken at spaces; a word that is longer is broken where it has to be, or not at all.
 * Not by wrap-ansi or fast-wrap-ansi: they compose letters (NFC), and the path that is shown would not be the file's.
 * @param {string} text
 * @param {number} columns at least 2: there are graphemes as wide as that
 * @param {{ wholeWords?: boolean }} [how] `wholeWords`: a path can be copied, and its line is too long
 * @returns {string[]}
 */
export function folded(text, columns, { wholeWords = false } = {}) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) <= columns) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = wholeWords ? [word] : brokenUp(word, columns);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}

/**
 * @param {string} word
 * @param {number} columns
 */
function brokenUp(word, columns) {
  const pieces = [""];
  for (const { segment } of graphemes.segment(word)) {
    const piece = pieces.at(-1) ?? "";
    if (piece !== "" && widthOf(piece) + widthOf(segment) > columns) pieces.push(segment);
    else pieces[pieces.length - 1] = piece + segment;
  }
  return pieces;
}

/**
 * What came from outside, fit for one line of a terminal: a program must not steer the terminal of who looks at it.
 * @param {string} text
 */
export function harmless(text) {
  return stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim();
}
