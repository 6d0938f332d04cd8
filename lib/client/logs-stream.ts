import { type LogRead, type LogSource, READ_BYTES } from "./logs";
import { LineBuffer } from "./logs-buffer";
import { continued } from "./logs-newest";
import { pauseAfter } from "./logs-pause";
import { OPEN_BYTES, readTail } from "./logs-tail";
import { type LogNotice, type LogView, openingView, phaseOf } from "./logs-view";

/** A reader who follows a log that is faster than the line sees its newest part rather than all of it. */
const HOPELESS_BYTES = 8 * READ_BYTES;

/** A log that is followed: an append-only stream has no place in a cache of answers, so it is not a query. */
export class LogStream {
  private view: LogView;
  private readonly listeners = new Set<() => void>();
  private abort: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  /** Asked for while another read was under way. */
  private earlierAsked = false;
  private failures = 0;
  private active = true;
  /** The read under way began when the run was over, so what it finds is the whole. */
  private askedAfterEnd = false;
  private visible = true;
  private following = true;
  private nearEnd = true;

  constructor(
    private readonly source: LogSource,
    /** The size last heard of: where the end is looked for first. */
    private sizeHint: number,
    private readonly openAt: number | null = null,
  ) {
    this.view = openingView(sizeHint);
  }

  readonly snapshot = (): LogView => this.view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    if (this.abort !== null) return;
    this.abort = new AbortController();
    this.busy = false;
    this.earlierAsked = false;
    if (this.view.loadingEarlier) this.change({ loadingEarlier: false });
    this.tick();
  }

  stop(): void {
    this.abort?.abort();
    this.abort = null;
    clearTimeout(this.timer);
  }

  /** @param active the run can still write; turning false leads to one last read */
  setRun(active: boolean, size: number): void {
    const news = active !== this.active || size > this.sizeHint;
    this.active = active;
    this.sizeHint = Math.max(size, this.sizeHint);
    if (size > this.view.size) this.change({ size });
    if (news) this.tick();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) this.tick();
  }

  /**
   * @param atEnd the reader is at the last line that is loaded
   * @returns whether the log is followed from now on. Who was away begins only at the end of the file, which the last line
   *   loaded need not be; who follows goes on while a fast log is being caught up with.
   */
  setReader(atEnd: boolean, nearEnd: boolean): boolean {
    const { buffer, size } = this.view;
    const following = atEnd && (this.following || buffer.end >= size);
    if (following === this.following && nearEnd === this.nearEnd) return following;
    this.following = following;
    this.nearEnd = nearEnd;
    if (following && this.view.notice?.kind === "elsewhere") this.change({ notice: null });
    if (nearEnd) this.tick();
    return following;
  }

  retry(): void {
    this.failures = 0;
    if (this.view.phase === "failed" || this.view.phase === "missing")
      this.change({ phase: "loading", failure: null });
    this.tick();
  }

  dismissNotice(): void {
    this.change({ notice: null });
  }

  /** Goes to the end of the file, leaving out what lies between when it is too much. */
  jumpToEnd(): void {
    this.following = true;
    this.nearEnd = true;
    const gap = this.view.size - this.view.buffer.end;
    if (gap > READ_BYTES) this.exclusively((signal) => this.openTail(signal, null));
    else this.tick();
  }

  readonly loadEarlier = (): void => {
    const { buffer, phase, loadingEarlier, keptFrom } = this.view;
    if (loadingEarlier || phase !== "ready" || buffer.start <= keptFrom) return;
    this.earlierAsked = this.busy;
    if (this.busy) return;
    this.change({ loadingEarlier: true });
    this.exclusively((signal) => this.readEarlier(signal));
  };

  private tick(): void {
    if (this.busy || this.abort === null || !this.visible) return;
    if (this.view.complete && this.view.buffer.end >= this.sizeHint) return;
    if (this.view.phase !== "ready") this.exclusively((signal) => this.open(signal));
    else if (this.wantsMore()) this.exclusively((signal) => this.readLater(signal));
  }

  /** Lines below are worth reading when the reader is there, or when the loaded part reaches the end and has room. */
  private wantsMore(): boolean {
    const { buffer, size } = this.view;
    return this.following || this.nearEnd || (buffer.hasRoom && size - buffer.end < READ_BYTES);
  }

  /** One read at a time: two at once could add the same bytes twice. */
  private exclusively(work: (signal: AbortSignal) => Promise<void>): void {
    const abort = this.abort;
    if (abort === null || this.busy) return;
    this.busy = true;
    this.askedAfterEnd = !this.active;
    clearTimeout(this.timer);
    void work(abort.signal)
      .then(() => {
        this.failures = 0;
        if (this.view.failure !== null && !abort.signal.aborted) this.change({ failure: null });
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) this.fail(error);
      })
      .finally(() => {
        // Stopped and started again meanwhile: the flag then belongs to the newer turn.
        if (this.abort === abort) this.rest();
      });
  }

  private rest(): void {
    this.busy = false;
    clearTimeout(this.timer);
    if (this.earlierAsked) this.loadEarlier();
    if (this.busy) return;
    const { phase, buffer, size, complete } = this.view;
    const waiting = phase !== "ready" || this.wantsMore();
    if (!this.active && this.failures === 0 && (complete || !waiting)) return;
    const atOnce = phase === "ready" && waiting && (buffer.end < size || !this.active);
    this.timer = setTimeout(() => this.tick(), this.failures === 0 && atOnce ? 0 : pauseAfter(this.failures));
  }

  private fail(error: unknown): void {
    this.failures += 1;
    const failure = error instanceof Error ? error : new Error("Reading the log failed.", { cause: error });
    this.change({ failure, loadingEarlier: false, phase: this.view.phase === "ready" ? "ready" : "failed" });
  }

  private async open(signal: AbortSignal): Promise<void> {
    if (this.openAt === null) return this.openTail(signal, null);
    const from = Math.max(0, this.openAt - OPEN_BYTES / 2);
    const read = await this.source.after(from, signal);
    if (read.outcome === "bytes" && this.openAt < read.size && this.openAt >= read.dropped) {
      this.following = false;
      this.nearEnd = false;
      return this.show(read, null);
    }
    return this.openTail(signal, { kind: "elsewhere", offset: this.openAt });
  }

  private async openTail(signal: AbortSignal, notice: LogNotice | null): Promise<void> {
    const { read, sizeHint } = await readTail(this.source, this.sizeHint, signal);
    this.sizeHint = sizeHint;
    this.show(read, notice);
  }

  private show(read: LogRead, notice: LogNotice | null): void {
    const phase = phaseOf(read, this.active, this.sizeHint);
    const size = read.outcome === "missing" ? this.view.size : read.size;
    const { nextKey } = this.view.buffer;
    const buffer =
      read.outcome === "bytes"
        ? LineBuffer.from(read.bytes, read.at, nextKey + 1, { begin: read.dropped, encoding: read.encoding })
        : new LineBuffer(0, nextKey + 1);
    const complete = this.askedAfterEnd && (read.outcome !== "bytes" || buffer.end >= size);
    const keptFrom = read.outcome === "missing" ? 0 : read.dropped;
    this.change({ phase, buffer, size, keptFrom, notice, dropped: null, complete });
  }

  private async readLater(signal: AbortSignal): Promise<void> {
    const { buffer } = this.view;
    const read = continued(await this.source.after(buffer.end - buffer.newest.length, signal), buffer);
    if (read.outcome === "missing") return this.show(read, null);
    if (read.outcome === "beyond") {
      this.sizeHint = read.size;
      return this.openTail(signal, { kind: "cut" });
    }
    if (read.at > buffer.end) return this.show(read, { kind: "outrun", bytes: read.at - buffer.end });
    const missed = read.size - buffer.end;
    if (this.following && missed > HOPELESS_BYTES) {
      this.sizeHint = read.size;
      return this.openTail(signal, { kind: "skipped", bytes: missed - OPEN_BYTES });
    }
    // Asking again at once would go on for ever.
    if (read.bytes.length === 0 && missed > 0)
      throw new Error("The log ends before the size the server names.");
    const { firstKey } = buffer;
    buffer.append(read.bytes);
    const complete = this.askedAfterEnd && buffer.end >= read.size;
    const dropped = buffer.firstKey > firstKey ? "top" : this.view.dropped;
    const keptFrom = read.dropped;
    if (read.bytes.length > 0 || complete !== this.view.complete || keptFrom !== this.view.keptFrom)
      this.change({ size: read.size, keptFrom, complete, dropped });
  }

  private async readEarlier(signal: AbortSignal): Promise<void> {
    const { buffer } = this.view;
    const to = buffer.start;
    const from = Math.max(this.view.keptFrom, to - READ_BYTES);
    const read = await this.source.range(from, to, signal);
    this.change({ loadingEarlier: false });
    // Dropped since the last read: there is nothing earlier any more.
    if (read.outcome === "beyond" && read.dropped >= to) return this.change({ keptFrom: read.dropped });
    const begin = read.outcome === "bytes" ? Math.max(from, read.dropped) : from;
    if (read.outcome !== "bytes" || read.at !== begin || read.bytes.length !== to - begin)
      return this.openTail(signal, { kind: "cut" });
    const { end } = buffer;
    buffer.prepend(read.bytes, begin, read.dropped);
    const dropped = buffer.end < end ? "bottom" : this.view.dropped;
    this.change({ size: read.size, keptFrom: read.dropped, dropped });
  }

  private change(part: Partial<LogView>): void {
    this.view = { ...this.view, ...part };
    for (const listener of this.listeners) listener();
  }
}
