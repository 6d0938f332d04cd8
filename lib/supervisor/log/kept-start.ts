import { read } from "node:fs";
import { promisify } from "node:util";
import { BLOCK_BYTES } from "./punch";

const readAt = promisify(read);
const CHUNK = 64 * 1024;
/** A line that is longer than this may be cut: looking for its beginning would cost more than it is worth. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 10;

/**
 * Where to begin so that everything from `at` on is kept, in whole lines: the start of the line that `at` lies in.
 * @param floor not before this offset
 */
export async function lineStartBefore(file: number, at: number, floor: number): Promise<number> {
  const lowest = Math.max(floor, at - LONGEST_LINE);
  const buffer = Buffer.alloc(CHUNK);
  for (let end = at; end > lowest; ) {
    const begin = Math.max(lowest, end - CHUNK);
    const { bytesRead } = await readAt(file, buffer, 0, end - begin, begin);
    const index = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (index >= 0) return begin + index + 1;
    end = begin;
  }
  return lowest === floor ? floor : at;
}

/**
 * Where a file really begins whose first part may be an unrecorded hole (the dashboard was killed right after
 * it made it). What was written comes after the hole, so the first block with anything in it can be found by
 * halving.
 * @param from what was written down: the answer is never before it
 */
export async function firstKeptLine(file: number, from: number, size: number): Promise<number> {
  let low = Math.floor(from / BLOCK_BYTES);
  if (!(await isHole(file, low))) return from;
  let high = Math.ceil(size / BLOCK_BYTES);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isHole(file, middle)) low = middle + 1;
    else high = middle;
  }
  return lineStartAfter(file, low * BLOCK_BYTES, size);
}

/** A hole reads as zeros, which no program that writes text prints. Blocks counted by stat(2) would not tell: some are reserved. */
async function isHole(file: number, index: number): Promise<boolean> {
  const block = Buffer.alloc(BLOCK_BYTES);
  const { bytesRead } = await readAt(file, block, 0, BLOCK_BYTES, index * BLOCK_BYTES);
  return bytesRead > 0 && block.subarray(0, bytesRead).every((byte) => byte === 0);
}

/** What stands between the hole and the next newline is the rest of a line that was dropped. */
async function lineStartAfter(file: number, at: number, size: number): Promise<number> {
  const buffer = Buffer.alloc(CHUNK);
  for (let begin = at; begin < Math.min(size, at + LONGEST_LINE); begin += CHUNK) {
    const { bytesRead } = await readAt(file, buffer, 0, CHUNK, begin);
    const index = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    if (index >= 0) return Math.min(size, begin + index + 1);
    if (bytesRead === 0) break;
  }
  return Math.min(size, at);
}
