import type { LogRead, LogSource } from "./logs";

/** Enough for a few screens at once; the rest comes when it is asked for. */
export const OPEN_BYTES = 256 * 1024;

/**
 * The end of a log.
 * @param sizeHint the size last heard of
 * @returns the size to go by from now on, too
 */
export async function readTail(
  source: LogSource,
  sizeHint: number,
  signal: AbortSignal,
): Promise<{ readonly read: LogRead; readonly sizeHint: number }> {
  const read = await source.after(Math.max(0, sizeHint - OPEN_BYTES), signal);
  const isOld =
    read.outcome === "beyond" || (read.outcome === "bytes" && read.at + read.bytes.length < read.size);
  if (!isOld) return { read, sizeHint };
  // The file has grown far beyond that size, or was cut. Ask once more, at the true end.
  const { size } = read;
  return { read: await source.after(Math.max(0, size - OPEN_BYTES), signal), sizeHint: size };
}
