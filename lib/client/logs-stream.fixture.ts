import { type LogRead, type LogSource, READ_BYTES } from "./logs";
import { textOf } from "./logs-buffer";
import { LogStream } from "./logs-stream";

/** A log file in memory that answers as the server does. */
export class FakeLog implements LogSource {
  text = "";
  exists = true;
  /** Bytes dropped from its beginning, as a cap does. */
  dropped = 0;
  broken = false;
  reads: string[] = [];

  async after(offset: number): Promise<LogRead> {
    this.reads.push(`after ${offset}`);
    const at = Math.max(offset, this.dropped);
    return this.answer(at, at + READ_BYTES);
  }

  async range(from: number, to: number): Promise<LogRead> {
    this.reads.push(`range ${from}-${to}`);
    return this.answer(from, to);
  }

  private answer(from: number, to: number): LogRead {
    if (this.broken) throw new Error("The server did not answer.");
    if (!this.exists) return { outcome: "missing" };
    const size = this.text.length;
    const { dropped } = this;
    if (from > size || to < dropped) return { outcome: "beyond", size, dropped };
    const at = Math.max(from, dropped);
    return { outcome: "bytes", at, bytes: new TextEncoder().encode(this.text.slice(at, to)), size, dropped };
  }
}

export const numberedLines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `line ${String(from + i).padStart(14, "0")}\n`).join("");

/** A stream of such a log, new for each test. */
export class StreamBench {
  file = new FakeLog();
  stream = new LogStream(this.file, 0);

  /** @param pass lets time go by and waits for what happens meanwhile */
  constructor(readonly pass: (ms: number) => Promise<unknown>) {}

  begin(): void {
    this.file = new FakeLog();
  }

  /** @param openAt the place a link names */
  async open(size = this.file.text.length, openAt: number | null = null): Promise<void> {
    this.stream = new LogStream(this.file, size, openAt);
    this.stream.start();
    await this.pass(10);
  }

  texts(): string[] {
    return this.stream.snapshot().buffer.lines.map(textOf);
  }
}
