import { closeSync, fstatSync, read } from "node:fs";
import { promisify } from "node:util";
import { openLogForReading } from "./log-file";

const readAt = promisify(read);
/** A thousand lines of ordinary length in one read, each of which is a turn of the event loop. */
const CHUNK = 256 * 1024;
const NEWLINE = 10;
const RETURN = 13;
/** Of UTF-8, in bytes. */
const LONGEST_CHARACTER = 4;

export type LogTail = { readonly from: number; readonly cut: boolean };

/** One look at a log: its size is what it was when it was opened, however it grows meanwhile. */
export type LogHandle = {
  readonly size: number;
  /** Byte offset of the first line that is kept; what came before it was dropped because of the log's cap. */
  readonly start: number;
  /**
   * Where the last `lines` lines begin, but at most `within` bytes before the end; a last line without its newline counts.
   * `cut`: it is within a line, where what a carriage return ends begins, if that is near.
   */
  tail(lines: number, within: number): Promise<LogTail>;
  /**
   * Bytes from `from` up to and without `to`; closes the file at its end. Null if their beginning was dropped meanwhile: nothing
   * has been promised yet, so look at the log again.
   */
  stream(from: number, to: number): Promise<ReadableStream<Uint8Array> | null>;
  close(): void;
};

/**
 * @param keptFrom where the log begins, asked again while it is read: it may be dropped from under a slow reader
 * @throws AppError LOG_NOT_FOUND, LOG_REFUSED
 */
export function openLog(path: string, keptFrom: () => number = () => 0): LogHandle {
  const file = openLogForReading(path);
  const { size } = fstatSync(file);
  const start = Math.min(keptFrom(), size);
  let open = true;
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    size,
    start,
    close,
    tail: (lines, within) => tailOf({ file, start, size }, lines, within),
    stream: (from, to) => stream({ file, keptFrom, close }, from, to),
  };
}

type Extent = { readonly file: number; readonly start: number; readonly size: number };

async function tailOf({ file, start, size }: Extent, lines: number, within: number): Promise<LogTail> {
  const lowest = Math.max(start, size - within);
  const buffer = Buffer.alloc(CHUNK);
  // The newline that ends the last line does not begin another.
  let wanted = lines;
  let end = size;
  while (end > lowest) {
    const begin = Math.max(lowest, end - CHUNK);
    const { bytesRead } = await readAt(file, buffer, 0, end - begin, begin);
    // By the library's search: a loop of our own takes twice as long until it has been compiled, and most logs are asked for once or twice.
    for (let at = bytesRead; at > 0; ) {
      at = buffer.lastIndexOf(NEWLINE, at - 1);
      if (at === -1) break;
      if (begin + at === size - 1) continue;
      wanted -= 1;
      if (wanted === 0) return { from: begin + at + 1, cut: false };
    }
    end = begin;
  }
  if (lowest === start) return { from: start, cut: false };
  return { from: await cutPoint(file, lowest, size), cut: true };
}

/** Where to cut a line that is too long: after its next carriage return, or at least not within a character. */
async function cutPoint(file: number, at: number, size: number): Promise<number> {
  const want = Math.min(CHUNK, size - at - 1);
  const { bytesRead, buffer } = await readAt(file, Buffer.alloc(want), 0, want, at);
  const part = buffer.subarray(0, bytesRead);
  const lineEnd = part.findIndex((byte) => byte === NEWLINE || byte === RETURN);
  if (lineEnd !== -1) return at + lineEnd + 1;
  const whole = part.subarray(0, LONGEST_CHARACTER).findIndex((byte) => (byte & 0xc0) !== 0x80);
  return at + Math.max(0, whole);
}

type Source = { readonly file: number; readonly keptFrom: () => number; readonly close: () => void };

async function stream(
  { file, keptFrom, close }: Source,
  from: number,
  to: number,
): Promise<ReadableStream<Uint8Array> | null> {
  let at = from;
  let read = Promise.resolve();

  /** @returns null where what was read, or was to be, has been dropped; empty at the end */
  async function chunk(): Promise<Uint8Array<ArrayBuffer> | null> {
    const want = Math.max(0, Math.min(CHUNK, to - at));
    const { bytesRead, buffer } = await readAt(file, new Uint8Array(want), 0, want, at);
    if (keptFrom() > at) return null;
    at += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  let next = await chunk();
  if (next === null) {
    close();
    return null;
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const bytes = next ?? (await chunk());
      next = null;
      // Its length has been promised, so nothing can be left out: better no answer than one with a hole in it.
      if (bytes === null) throw new Error("The log's beginning was dropped while it was read. Ask again.");
      if (bytes.length > 0) controller.enqueue(bytes);
      if (bytes.length > 0 && at < to) return;
      close();
      controller.close();
    } catch (error) {
      close();
      controller.error(error);
    }
  }
  return new ReadableStream({
    pull: (controller) => {
      read = pull(controller);
      return read;
    },
    // Not while it is read: its number could be another file's by the time the read happens.
    cancel: () => read.then(close),
  });
}
