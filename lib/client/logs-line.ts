import { type AnsiStyle, codesOf, PLAIN } from "./ansi";

export interface LogLine {
  /** Neighbours differ by one, so a line's place follows from its key; never used twice in one view. */
  readonly key: number;
  /** The colours it starts with, carried over from the lines before it. */
  readonly style: AnsiStyle;
  /** Byte offset of its first byte in the file. */
  readonly at: number;
  /** Its bytes in the file so far, line end included. */
  readonly bytes: number;
  /** What a terminal would show, colour codes still in it, at most MAX_LINE_CHARS. */
  readonly text: string;
  /** The colour codes of what was clipped away: the lines after it still depend on them. */
  readonly codes: string;
  readonly clipped: boolean;
  /** A carriage return came last: whatever follows writes over the text. */
  readonly overwrite: boolean;
  /** No line end was seen yet. */
  readonly open: boolean;
  /** The line began before the first byte that is loaded. */
  readonly headless: boolean;
}

/** A line fresh from the file: its key and style are for the buffer to fill in. One object per line, as there are many. */
export type Draft = { -readonly [Field in keyof LogLine]: LogLine[Field] };

/** Longer lines are shown up to here. No one reads more of one line, and a browser lays out 1 MB of it for seconds. */
export const MAX_LINE_CHARS = 10_000;

/**
 * Cuts one read of the file into lines.
 * @param at the file offset of the first of `bytes`
 * @param open the unfinished line these bytes go on with
 * @param text what they say. A line end is part of no longer sequence in any encoding that is let in (lib/contracts/job.ts): those of
 *   the text and of the bytes correspond one to one
 */
export function cutLines(bytes: Uint8Array, at: number, open: LogLine | null, text: string): Draft[] {
  const pieces = text.split("\n");
  const lines: Draft[] = [];
  let line = open;
  let cursor = 0;
  for (let index = 0; index < pieces.length; index++) {
    const closed = index < pieces.length - 1;
    const next = closed ? bytes.indexOf(LINE_FEED, cursor) + 1 : bytes.length;
    if (next > cursor) lines.push(cutLine(line, at + cursor, pieces[index] ?? "", next - cursor, closed));
    line = null;
    cursor = next;
  }
  return lines;
}

/** Where the first whole line of a read begins; null when the read holds no beginning of a line at all. */
export function firstLineStart(bytes: Uint8Array): number | null {
  const end = bytes.indexOf(LINE_FEED);
  return end === -1 || end === bytes.length - 1 ? null : end + 1;
}

/** @param encoding as the job names it; one this browser does not know is read as UTF-8 */
export function newDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    return new TextDecoder("utf-8", { ignoreBOM: true });
  }
}

const LINE_FEED = 10;

function cutLine(open: LogLine | null, at: number, piece: string, bytes: number, closed: boolean): Draft {
  const line = open ?? newLine(at);
  const isSimple = piece.length <= MAX_LINE_CHARS && !piece.includes("\r");
  if (open !== null || !isSimple) return extendLine(line, piece, bytes, closed);
  return { ...line, bytes, text: piece, open: !closed };
}

export function newLine(at: number): LogLine {
  return {
    key: 0,
    style: PLAIN,
    at,
    bytes: 0,
    text: "",
    codes: "",
    clipped: false,
    overwrite: false,
    open: true,
    headless: false,
  };
}

export function extendLine(line: LogLine, piece: string, bytes: number, closed: boolean): Draft {
  const counted = { ...line, bytes: line.bytes + bytes, open: !closed };
  if (piece === "") return counted;
  const body = withoutReturns(piece);
  const overwrite = body.length < piece.length || (line.overwrite && body === "");
  if (body === "") return { ...counted, overwrite };
  return { ...clip(counted, withReturns(line, body)), overwrite };
}

/** Returns at the end draw nothing by themselves. No pattern: it would start over at every return in the middle. */
function withoutReturns(piece: string): string {
  let end = piece.length;
  while (piece[end - 1] === "\r") end -= 1;
  return piece.slice(0, end);
}

interface Written {
  readonly text: string;
  readonly codes: string;
  readonly clipped: boolean;
}

/** A carriage return starts the line over; only the colours set before it live on. */
function withReturns(line: LogLine, body: string): Written {
  const last = body.lastIndexOf("\r");
  if (last === -1 && !line.overwrite) {
    if (line.clipped) return { text: line.text, codes: codesOf(line.codes + body), clipped: true };
    return { text: line.text + body, codes: "", clipped: false };
  }
  const gone = line.text + line.codes + body.slice(0, last + 1);
  return { text: codesOf(gone) + body.slice(last + 1), codes: "", clipped: false };
}

function clip(line: LogLine, written: Written): LogLine {
  const { text } = written;
  if (text.length <= MAX_LINE_CHARS) return { ...line, ...written };
  const kept = detached(text.slice(0, clipPoint(text)));
  return { ...line, text: kept, codes: codesOf(text.slice(kept.length) + written.codes), clipped: true };
}

/** Never in the middle of a surrogate pair or of an escape sequence. */
function clipPoint(text: string): number {
  const before = text.charCodeAt(MAX_LINE_CHARS - 1);
  const point = before >= 0xd800 && before <= 0xdbff ? MAX_LINE_CHARS - 1 : MAX_LINE_CHARS;
  const sequence = text.lastIndexOf("\u001b", point - 1);
  return sequence !== -1 && sequence > point - LONGEST_SEQUENCE ? sequence : point;
}

const LONGEST_SEQUENCE = 24;

/** A slice keeps the whole string it was cut from in memory; a copy does not. */
function detached(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
