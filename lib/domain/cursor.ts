const ESCAPE = "\u001b";
const BELL = "\u0007";
const TAB_STOP = 8;

/** Titles and links (OSC), cursor and colour codes (CSI), character sets, and codes of two characters. */
const CODE = new RegExp(
  `${ESCAPE}(?:\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|\\[([0-?]*)[ -/]*([@-~])|[ -/]+[0-~]|([0-Z\\\\^-~]))`,
  "y",
);

/** Where the cursor of a terminal stands in its line, and whether anything was ever moved. */
type Cursor = { column: number; saved: number };

/**
 * Finds `mark` where a terminal would show it at the beginning of a line: at the start of the text, after a carriage return,
 * or after codes or backspaces that lead the cursor there.
 * @param text one line, without its newline
 * @returns the index after the mark; -1 when it stands nowhere at a beginning
 */
export function afterMarkAtLineStart(text: string, mark: string): number {
  const cursor: Cursor = { column: 0, saved: 0 };
  for (let at = 0; at < text.length; ) {
    if (cursor.column === 0 && text.startsWith(mark, at)) return at + mark.length;
    at += step(text, at, cursor);
  }
  return -1;
}

/** Moves the cursor over what stands at `at`. @returns how many characters that is */
function step(text: string, at: number, cursor: Cursor): number {
  const char = text[at] ?? "";
  if (char === ESCAPE) {
    CODE.lastIndex = at;
    const [code = char, params, final, short] = CODE.exec(text) ?? [];
    if (final !== undefined) moveByCode(cursor, final, params ?? "");
    else if (short !== undefined) moveByShortCode(cursor, short);
    return code.length;
  }
  if (char === "\r") cursor.column = 0;
  else if (char === "\b") cursor.column = Math.max(0, cursor.column - 1);
  else if (char === "\t") cursor.column += TAB_STOP - (cursor.column % TAB_STOP);
  else if (char >= " ") cursor.column += 1;
  return 1;
}

function moveByCode(cursor: Cursor, final: string, params: string): void {
  const numbers = params.split(";").map((text) => Number.parseInt(text, 10) || 0);
  const count = Math.max(1, numbers[0] ?? 0);
  if (final === "C") cursor.column += count;
  else if (final === "D") cursor.column = Math.max(0, cursor.column - count);
  else if (final === "E" || final === "F") cursor.column = 0;
  else if (final === "G" || final === "`") cursor.column = count - 1;
  else if (final === "H" || final === "f") cursor.column = Math.max(0, (numbers[1] ?? 1) - 1);
  else if (final === "s") cursor.saved = cursor.column;
  else if (final === "u") cursor.column = cursor.saved;
}

/** Next line, save and restore, reset. */
function moveByShortCode(cursor: Cursor, code: string): void {
  if (code === "E" || code === "c") cursor.column = 0;
  else if (code === "7") cursor.saved = cursor.column;
  else if (code === "8") cursor.column = cursor.saved;
}

/** The text without titles, cursor and colour codes. */
export function withoutTerminalCodes(text: string): string {
  return text.replace(new RegExp(CODE.source, "g"), "");
}
