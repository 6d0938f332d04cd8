/**
 * The colours of a log's lines, each of which can be drawn alone. Ours, since a line begins in the style in which the ones before it ended, and
 * lines are dropped, clipped and written over: anser 2.3.5 and fancy-ansi 0.1.3 begin every text plain, do not say in which style one ends,
 * and leave titles, C1 sequences and colours with colons in the text.
 */

/** A palette index (0–255), or 0x1000000 plus an RGB value; null is the theme's own colour. */
export type AnsiColour = number | null;

export interface AnsiStyle {
  readonly fg: AnsiColour;
  readonly bg: AnsiColour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

export const TRUE_COLOUR = 0x1000000;

export const PLAIN: AnsiStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** Cuts `text` into runs of one style. `end` is the style the next line starts with. */
export function parseAnsi(text: string, start: AnsiStyle = PLAIN): { spans: AnsiSpan[]; end: AnsiStyle } {
  if (!hasControls(text)) return { spans: text === "" ? [] : [{ text, style: start }], end: start };
  const spans: AnsiSpan[] = [];
  let style = start;
  let from = 0;
  const push = (until: number) => {
    if (until <= from) return;
    const piece = text.slice(from, until);
    const last = spans.at(-1);
    if (last?.style === style) spans[spans.length - 1] = { text: last.text + piece, style };
    else spans.push({ text: piece, style });
  };
  for (const match of text.matchAll(CONTROLS)) {
    push(match.index);
    from = match.index + match[0].length;
    style = applySequence(match[0], style);
  }
  push(text.length);
  return { spans, end: style };
}

/** The style after `text`, without cutting it into spans. */
export function styleAfter(text: string, start: AnsiStyle): AnsiStyle {
  if (!INTRODUCER.test(text)) return start;
  let style = start;
  for (const match of text.matchAll(CONTROLS)) style = applySequence(match[0], style);
  return style;
}

/** What is left to read when every escape sequence and control character is taken away. Tabs stay. */
export function plainText(text: string): string {
  return hasControls(text) ? text.replace(CONTROLS, "") : text;
}

/** Only the colour codes of `text` that still matter at its end, plus a sequence that is not finished yet. */
export function codesOf(text: string): string {
  if (!INTRODUCER.test(text)) return "";
  let codes: string[] = [];
  for (const match of text.matchAll(CONTROLS)) {
    const sequence = match[0];
    const params = sgrParams(sequence);
    if (params !== null && isReset(params)) codes = [];
    const unfinished = UNFINISHED.test(sequence) && match.index + sequence.length === text.length;
    if (params !== null || unfinished) codes.push(sequence);
  }
  return codes.slice(-MAX_KEPT_CODES).join("");
}

export function sameStyle(a: AnsiStyle, b: AnsiStyle): boolean {
  if (a === b) return true;
  return (
    a.fg === b.fg &&
    a.bg === b.bg &&
    a.bold === b.bold &&
    a.dim === b.dim &&
    a.italic === b.italic &&
    a.underline === b.underline &&
    a.strike === b.strike &&
    a.inverse === b.inverse
  );
}

/** A program that never resets its colours would otherwise grow what a progress bar leaves behind without end. */
const MAX_KEPT_CODES = 64;

/**
 * In order: CSI sequences (also cut short), strings such as titles and links (unfinished ones lose only their first two
 * characters, so that no text is swallowed), character sets, two-character sequences, and the other control characters.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[\]PX^_](?:[^\u0007\u001b]*(?:\u0007|\u001b\\))?|\u001b[ -/]+[0-~]?|\u001b[0-~]?|[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const ANY_CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const INTRODUCER = /[\u001b\u009b]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const UNFINISHED = /^(?:\u001b|(?:\u001b\[|\u009b)[0-?]*[ -/]*)$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const SGR = /^(?:\u001b\[|\u009b)([0-9;:]*)m$/;

function hasControls(text: string): boolean {
  return ANY_CONTROL.test(text);
}

function sgrParams(sequence: string): string | null {
  return SGR.exec(sequence)?.[1] ?? null;
}

function isReset(params: string): boolean {
  return /^[0;]*$/.test(params) || params.startsWith("0;");
}

function applySequence(sequence: string, style: AnsiStyle): AnsiStyle {
  const params = sgrParams(sequence);
  if (params === null) return style;
  const next = applySgr(params.split(";"), style);
  return sameStyle(next, PLAIN) ? PLAIN : sameStyle(next, style) ? style : next;
}

function applySgr(tokens: readonly string[], start: AnsiStyle): AnsiStyle {
  let style = start;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    if (token.includes(":")) {
      style = applyColonForm(token.split(":").map(Number), style);
      continue;
    }
    const code = Number(token);
    if (code === 38 || code === 48) {
      const { colour, used } = extendedColour(tokens.slice(i + 1, i + 5).map(Number));
      i += used;
      if (colour !== null) style = { ...style, [code === 38 ? "fg" : "bg"]: colour };
    } else {
      style = applyCode(code, style);
    }
  }
  return style;
}

function applyCode(code: number, style: AnsiStyle): AnsiStyle {
  if (code === 0) return PLAIN;
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 };
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 };
  if (code >= 90 && code <= 97) return { ...style, fg: code - 82 };
  if (code >= 100 && code <= 107) return { ...style, bg: code - 92 };
  const change = CHANGES[code];
  return change === undefined ? style : { ...style, ...change };
}

/** Concealed text (8) is left readable on purpose: a log must not hide anything. */
const CHANGES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fg: null },
  49: { bg: null },
};

/** What follows a 38 or 48: `5;index` or `2;red;green;blue`. `used` counts the tokens taken. */
function extendedColour(rest: readonly number[]): { colour: AnsiColour; used: number } {
  if (rest[0] === 5) return { colour: indexed(rest[1]), used: 2 };
  if (rest[0] === 2) return { colour: rgb(rest[1], rest[2], rest[3]), used: 4 };
  return { colour: null, used: 1 };
}

function applyColonForm(parts: readonly number[], style: AnsiStyle): AnsiStyle {
  const [code, mode] = parts;
  if (code === 4) return { ...style, underline: mode !== 0 };
  if (code !== 38 && code !== 48) return code === undefined ? style : applyCode(code, style);
  // 38:2::r:g:b names a colour space that 38:2:r:g:b leaves out: the last three count.
  const colour = mode === 5 ? indexed(parts[2]) : mode === 2 ? rgb(...lastThree(parts)) : null;
  return colour === null ? style : { ...style, [code === 38 ? "fg" : "bg"]: colour };
}

function lastThree(parts: readonly number[]): [number | undefined, number | undefined, number | undefined] {
  const from = parts.length >= 6 ? 3 : 2;
  return [parts[from], parts[from + 1], parts[from + 2]];
}

function indexed(index: number | undefined): AnsiColour {
  return isByte(index) ? index : null;
}

function rgb(red: number | undefined, green: number | undefined, blue: number | undefined): AnsiColour {
  if (!isByte(red) || !isByte(green) || !isByte(blue)) return null;
  return TRUE_COLOUR + (red << 16) + (green << 8) + blue;
}

function isByte(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= 255;
}
