import type { LogRead } from "./logs";

/** None are known. */
export const NOTHING = new Uint8Array(0);
const NEWEST_BYTES = 256;

/** The last bytes of `before` and then `bytes`, by which a file is known again. */
export function newestOf(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(Math.min(NEWEST_BYTES, before.length + bytes.length));
  const fresh = bytes.subarray(Math.max(0, bytes.length - joined.length));
  joined.set(fresh, joined.length - fresh.length);
  joined.set(before.subarray(before.length - (joined.length - fresh.length)), 0);
  return joined;
}

/**
 * What follows the end of `buffer`, in a read that begins with the bytes before it. "beyond" when those are others now: the file
 * was emptied, replaced or written over, however long it has become since.
 */
export function continued(
  read: LogRead,
  { end, newest }: { readonly end: number; readonly newest: Uint8Array },
): LogRead {
  if (read.outcome !== "bytes" || read.at >= end) return read;
  const known = newest.subarray(newest.length - (end - read.at));
  const { size, dropped } = read;
  if (known.some((byte, index) => read.bytes[index] !== byte)) return { outcome: "beyond", size, dropped };
  return { ...read, at: end, bytes: read.bytes.subarray(known.length) };
}
