import { LIFE_LINE_MARK, type LifeLine, parseLifeLine } from "@/lib/domain/life-line";

/** Where the reading of a log stands between two reads. */
export type ScanState = {
  /** The beginning of a line whose end has not been written yet. */
  carry: Buffer;
  /** In the middle of a line of which the beginning is not known, or which is too long to be one of ours. */
  skipping: boolean;
};

/** Far more than any report needs; a longer line is the program's own output. */
export const MAX_LINE_BYTES = 4_096;

const NEWLINE = 10;
/** A line begins after it too: that is where a terminal shows what comes next, as beside a progress bar. */
const RETURN = 13;
const MARK = Buffer.from(LIFE_LINE_MARK);

/**
 * Finds our lines in the next bytes of a log. Everything else is passed over by searching for the mark, never line by line.
 * @param last nothing more will come, so a line without its newline is complete
 * @param alsoSee is given all whole lines, to look for others
 */
export function scanLines(
  state: ScanState,
  chunk: Buffer,
  last: boolean,
  alsoSee?: (lines: Buffer) => void,
): LifeLine[] {
  const data = state.carry.length === 0 ? chunk : Buffer.concat([state.carry, chunk]);
  state.carry = Buffer.alloc(0);
  const begin = state.skipping ? nextEnd(data, 0) + 1 : 0;
  if (begin > data.length) return [];
  state.skipping = false;
  const end = last ? data.length : lastEnd(data, data.length) + 1;
  const tail = data.subarray(Math.max(begin, end));
  if (tail.length > MAX_LINE_BYTES) state.skipping = true;
  // A copy: the rest of what was read must not stay in memory with it.
  else state.carry = Buffer.from(tail);
  const lines = data.subarray(begin, Math.max(begin, end));
  alsoSee?.(lines);
  return linesBetween(lines);
}

function linesBetween(data: Buffer): LifeLine[] {
  const found: LifeLine[] = [];
  for (let at = data.indexOf(MARK); at !== -1; ) {
    const begin = lastEnd(data, at, at - MAX_LINE_BYTES) + 1;
    const end = nextEnd(data, at);
    const line = end - begin > MAX_LINE_BYTES ? null : parseLifeLine(data.toString("utf8", begin, end));
    if (line !== null) found.push(line);
    at = data.indexOf(MARK, end);
  }
  return found;
}

function isEnd(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === RETURN;
}

/** Where the first line end at or after `from` stands; the length when there is none. */
function nextEnd(data: Buffer, from: number): number {
  let at = from;
  while (at < data.length && !isEnd(data[at])) at += 1;
  return at;
}

/** Where the last line end before `to` stands, looked for down to `lowest`; one before that when there is none. */
function lastEnd(data: Buffer, to: number, lowest = 0): number {
  let at = to - 1;
  while (at >= Math.max(0, lowest) && !isEnd(data[at])) at -= 1;
  return at;
}
