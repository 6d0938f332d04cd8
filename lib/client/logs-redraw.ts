import { type Draft, extendLine, type LogLine, newLine } from "./logs-line";

/** How far up a program may go: no terminal is higher. */
export const SCREEN_ROWS = 200;

/** Up and down, with and without the first column, and erasing what is below. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const MOVES = /\u001b\[(\d*)([ABEFJ])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const UNFINISHED = /\u001b(?:\[\d*)?$/;

/** Whether a text goes back to lines above it, as progress displays of several lines do. */
export function redraws(text: string): boolean {
  return text.includes("\u001b[") && text.search(MOVES) !== -1;
}

/** Where a display goes on with the next read: so many rows above the end; `fresh`: nothing was written there yet. */
export type Place = { readonly up: number; readonly fresh: boolean };
export const AT_END: Place = { up: 0, fresh: false };

/** A code at the end of a read may go on in the next one. */
export function splitUnfinished(text: string): { readonly whole: string; readonly held: string } {
  const at = text.search(UNFINISHED);
  return at === -1 ? { whole: text, held: "" } : { whole: text.slice(0, at), held: text.slice(at) };
}

/**
 * Draws a text over the last lines, as a terminal would show them in the end. A line that is written to again is replaced whole.
 * @param tail the last lines, at most SCREEN_ROWS
 * @param bytes of the text, `at` in the file
 */
export function drawOver(
  tail: readonly LogLine[],
  place: Place,
  text: string,
  bytes: Uint8Array,
  at: number,
): { readonly lines: Draft[]; readonly place: Place } {
  const screen = new Screen([...tail], place);
  const pieces = text.split("\n");
  let cursor = 0;
  for (const [index, piece] of pieces.entries()) {
    const closed = index < pieces.length - 1;
    const next = closed ? bytes.indexOf(LINE_FEED, cursor) + 1 : bytes.length;
    screen.write(piece, at + cursor, next - cursor);
    if (closed) screen.newLine(at + cursor);
    cursor = next;
  }
  return { lines: screen.rows, place: { up: screen.up, fresh: screen.fresh } };
}

const LINE_FEED = 10;

class Screen {
  /** Came here from another row: what is written next replaces what stands here. */
  fresh: boolean;
  up: number;

  constructor(
    readonly rows: Draft[],
    { up, fresh }: Place,
  ) {
    this.up = up;
    this.fresh = fresh;
  }

  /** The row after the last line, or that line while it is not ended. */
  private get bottom(): number {
    return this.rows.at(-1)?.open === true ? this.rows.length - 1 : this.rows.length;
  }

  private get index(): number {
    return Math.max(0, this.bottom - this.up);
  }

  write(piece: string, at: number, bytes: number): void {
    let from = 0;
    for (const { 0: code, 1: count = "", 2: final = "", index } of piece.matchAll(MOVES)) {
      this.put(piece.slice(from, index), at);
      this.move(final, count);
      from = index + code.length;
    }
    this.put(piece.slice(from), at);
    const last = this.rows.at(-1);
    if (this.up === 0 && last?.open === true)
      this.rows[this.rows.length - 1] = { ...last, bytes: last.bytes + bytes };
  }

  newLine(at: number): void {
    const last = this.rows.at(-1);
    if (this.up > 0) this.go(this.up - 1);
    else if (last?.open === true) this.rows[this.rows.length - 1] = { ...last, open: false };
    else this.rows.push({ ...newLine(at), bytes: 1, open: false });
  }

  private put(text: string, at: number): void {
    if (text === "") return;
    const { index } = this;
    const row = this.rows[index] ?? newLine(at);
    const before = this.fresh ? { ...row, overwrite: true } : row;
    this.rows[index] = extendLine(before, text, 0, !row.open);
    this.fresh = false;
  }

  private move(final: string, count: string): void {
    const rows = Math.max(1, Number(count));
    if (final === "A" || final === "F") this.go(Math.min(this.up + rows, this.bottom, SCREEN_ROWS));
    else if (final === "B" || final === "E") this.go(Math.max(0, this.up - rows));
    else if (this.up > 0 && Number(count) === 0) this.eraseBelow();
  }

  private go(up: number): void {
    this.up = up;
    this.fresh = true;
  }

  private eraseBelow(): void {
    const { index } = this;
    const row = this.rows[index];
    if (row === undefined) return;
    this.rows.length = index;
    this.rows.push({ ...newLine(row.at), headless: row.headless });
    this.go(0);
  }
}
