import { closeSync, fstatSync, read } from "node:fs";
import { promisify } from "node:util";
import { openLogForReading } from "./log-file";

const readAt = promisify(read);

/** Enough for the statistics of a crawl, and for any trace. */
const TAIL_BYTES = 256 * 1024;

/**
 * The last 256 KB of a log, read beside the event loop, which is all of it that may take time; empty when there is no log, or one that is refused. Never throws.
 * @param encoding as the job names it
 */
export async function readLogTail(path: string, encoding: string): Promise<string> {
  let file: number;
  try {
    file = openLogForReading(path);
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(file);
    if (size === 0) return "";
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const { bytesRead } = await readAt(file, buffer, 0, buffer.length, size - buffer.length);
    return new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead));
  } catch {
    return "";
  } finally {
    closeSync(file);
  }
}
