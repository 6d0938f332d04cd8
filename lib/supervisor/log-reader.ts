import { closeSync, fstatSync, read } from "node:fs";
import { promisify } from "node:util";
import { openLogForReading } from "./log-file";

const readAt = promisify(read);
const CHUNK = 64 * 1024;
const NEWLINE = 10;

/** One look at a log: its size is what it was when it was opened, however it grows meanwhile. */
export type LogHandle = {
  readonly size: number;
  /** Byte offset of the first line that is kept; what came before it was dropped because of the log's cap. */
  readonly start: number;
  /** Byte offset at which the last `lines` lines begin; a last line without its newline counts. */
  tailOffset(lines: number): Promise<number>;
  /** Bytes from `from` up to and without `to`; closes the file at its end. */
  stream(from: number, to: number): ReadableStream<Uint8Array>;
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
    tailOffset: (lines) => tailOffset(file, start, size, lines),
    stream: (from, to) => stream({ file, keptFrom, close }, from, to),
  };
}

async function tailOffset(file: number, start: number, size: number, lines: number): Promise<number> {
  const buffer = Buffer.alloc(CHUNK);
  // The newline that ends the last line does not begin another.
  let wanted = lines;
  let end = size;
  while (end > start) {
    const begin = Math.max(start, end - CHUNK);
    const { bytesRead } = await readAt(file, buffer, 0, end - begin, begin);
    for (let index = bytesRead - 1; index >= 0; index -= 1) {
      if (buffer[index] !== NEWLINE || begin + index === size - 1) continue;
      wanted -= 1;
      if (wanted === 0) return begin + index + 1;
    }
    end = begin;
  }
  return start;
}

type Source = { readonly file: number; readonly keptFrom: () => number; readonly close: () => void };

function stream({ file, keptFrom, close }: Source, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from;
  let read = Promise.resolve();
  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const want = Math.max(0, Math.min(CHUNK, to - at));
      const { bytesRead, buffer } = await readAt(file, new Uint8Array(want), 0, want, at);
      // Its length has been promised, so nothing can be left out: better no answer than one with a hole in it.
      if (keptFrom() > at) throw new Error("The log's beginning was dropped while it was read. Ask again.");
      at += bytesRead;
      if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
      if (bytesRead > 0 && at < to) return;
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
