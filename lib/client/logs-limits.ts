import type { LogLine } from "./logs-line";

export interface BufferLimits {
  readonly lines: number;
  readonly bytes: number;
}

export const BUFFER_LIMITS: BufferLimits = { lines: 200_000, bytes: 64 * 1024 * 1024 };

/** Dropping goes a little further than it must, so that it does not happen at every read. */
const DROP_TO = 0.95;

/** Whether lines can be added without giving up others. */
export function hasRoom(count: number, weight: number, limits: BufferLimits): boolean {
  return count < limits.lines * DROP_TO && weight < limits.bytes * DROP_TO;
}

/**
 * How many lines must go, counted from the end that `pick` starts at. The last one always stays.
 * @param weight of all of them
 */
export function excess(
  all: readonly LogLine[],
  weight: number,
  { lines, bytes }: BufferLimits,
  pick: (index: number) => number,
): number {
  if (all.length <= lines && weight <= bytes) return 0;
  let count = 0;
  let left = weight;
  while (count < all.length - 1 && (all.length - count > lines * DROP_TO || left > bytes * DROP_TO)) {
    left -= weightOf(all[pick(count)]);
    count += 1;
  }
  return count;
}

/** Memory of a line: its bytes, unless only a part of them was kept. */
export function weightOf(line: LogLine | undefined): number {
  return line === undefined ? 0 : Math.min(line.bytes, line.text.length * 4) + line.codes.length;
}
