import { readSync } from "node:fs";
import type { LifeLine } from "@/lib/domain/life-line";
import { MAX_LINE_BYTES, type ScanState, scanLines } from "./line-scanner";

/** Read of one log in one look. Of more only the newest part is: figures are absolute, so the newest ones are the ones that count. */
export const MAX_READ_BYTES = 256 * 1024;

const NEWLINE = 10;
const RETURN = 13;
const NOTHING = Buffer.alloc(0);

/**
 * Our lines among the bytes from `from` up to `to`.
 * @param file an open descriptor
 * @param alsoSee is given the same lines, to look for others
 */
export function readLines(
  file: number,
  state: ScanState,
  from: number,
  to: number,
  last: boolean,
  alsoSee?: (lines: Buffer) => void,
): LifeLine[] {
  if (to - from <= MAX_READ_BYTES) return scanLines(state, bytes(file, from, to), last, alsoSee);
  state.carry = NOTHING;
  state.skipping = true;
  // With the byte before it: when that is a newline, nothing of the first line is missing.
  return scanLines(state, bytes(file, to - MAX_READ_BYTES - 1, to), last, alsoSee);
}

/** For a log an earlier dashboard has read up to `from`: the beginning of the line that stood there is looked up again. */
export function goOnFrom(file: number, from: number): ScanState {
  if (from === 0) return { carry: NOTHING, skipping: false };
  const before = bytes(file, Math.max(0, from - MAX_LINE_BYTES), from);
  const end = Math.max(before.lastIndexOf(NEWLINE), before.lastIndexOf(RETURN));
  if (end === -1 && from > MAX_LINE_BYTES) return { carry: NOTHING, skipping: true };
  return { carry: Buffer.from(before.subarray(end + 1)), skipping: false };
}

function bytes(file: number, from: number, to: number): Buffer {
  if (to <= from) return NOTHING;
  const buffer = Buffer.alloc(to - from);
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
}
