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
  const begin = state.skipping ? data.indexOf(NEWLINE) + 1 : 0;
  if (state.skipping && begin === 0) return [];
  state.skipping = false;
  const end = last ? data.length : data.lastIndexOf(NEWLINE) + 1;
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
    const begin = at === 0 ? 0 : data.lastIndexOf(NEWLINE, at - 1) + 1;
    const newline = data.indexOf(NEWLINE, at);
    const end = newline === -1 ? data.length : newline;
    // The parser refuses what has anything but terminal codes before the mark: a program may print what others wrote.
    const line = end - begin > MAX_LINE_BYTES ? null : parseLifeLine(data.toString("utf8", begin, end));
    if (line !== null) found.push(line);
    at = newline === -1 ? -1 : data.indexOf(MARK, end);
  }
  return found;
}
