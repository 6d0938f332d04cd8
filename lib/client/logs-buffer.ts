import { type AnsiStyle, PLAIN, plainText, sameStyle, styleAfter } from "./ansi";
import { cutLines, firstLineStart, type LogLine, newDecoder } from "./logs-line";

export interface BufferLimits {
  readonly lines: number;
  readonly bytes: number;
}

export const BUFFER_LIMITS: BufferLimits = { lines: 200_000, bytes: 64 * 1024 * 1024 };

/** Dropping goes a little further than it must, so that it does not happen at every read. */
const DROP_TO = 0.95;

/**
 * The part of a log that is loaded: one unbroken run of lines, `start` to `end` in bytes of the file. It grows at both
 * ends and, over its limits, gives up lines at the end that is farther from the reader.
 */
export class LineBuffer {
  lines: LogLine[] = [];
  /** Number of the first line, counted from 1 at the start of the file; null while that is not known. */
  firstNumber: number | null;
  private weight = 0;
  private decoder = newDecoder();
  private drops = noDrops();
  private endOffset: number;
  /** The newest bytes before `end`; fewer where they are not known. A file that still holds them there is the same file. */
  newest: Uint8Array = NOTHING;

  constructor(
    at = 0,
    private firstFreeKey = 0,
    private readonly limits: BufferLimits = BUFFER_LIMITS,
  ) {
    this.endOffset = at;
    this.firstNumber = at === 0 ? 1 : null;
  }

  get start(): number {
    return this.lines[0]?.at ?? this.endOffset;
  }

  get end(): number {
    return this.endOffset;
  }

  get firstKey(): number {
    return this.lines[0]?.key ?? this.firstFreeKey;
  }

  /** The key the next line at the end will get. */
  get nextKey(): number {
    return this.firstKey + this.lines.length;
  }

  /** True while lines can be added without giving up others. */
  get hasRoom(): boolean {
    return this.lines.length < this.limits.lines * DROP_TO && this.weight < this.limits.bytes * DROP_TO;
  }

  byKey(key: number): LogLine | undefined {
    return this.lines[key - this.firstKey];
  }

  /** The index of the line that holds the byte at `offset`; -1 when it is not loaded. */
  indexAt(offset: number): number {
    if (offset < this.start || offset >= this.end) return -1;
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lines[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Replaces everything by one read. Unless it starts the file (at `begin`), its first, cut-off line is left out. */
  static from(bytes: Uint8Array, at: number, firstKey: number, limits?: BufferLimits, begin = 0): LineBuffer {
    const skip = at === begin ? 0 : (firstLineStart(bytes) ?? 0);
    const buffer = new LineBuffer(at + skip, firstKey, limits);
    buffer.append(bytes.subarray(skip));
    if (at > begin && skip === 0) buffer.markHeadless();
    return buffer;
  }

  /**
   * What has been dropped since the last call: lines with keys below `below`, and from `from` on. Lines read again later
   * bear the same keys as other lines did before, so whoever remembers keys must forget these.
   */
  takeDrops(): { below: number; from: number } {
    const { drops } = this;
    this.drops = noDrops();
    return drops;
  }

  /** Adds what follows `end`; lines at the top make room for it. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const open = this.takeOpen();
    const last = this.lines.at(-1);
    let style = open?.style ?? (last === undefined ? PLAIN : styleAfter(last.text + last.codes, last.style));
    let key = this.nextKey;
    for (const line of cutLines(bytes, this.endOffset, open, this.decoder)) {
      line.key = key;
      line.style = style;
      this.lines.push(line);
      this.weight += weightOf(line);
      style = styleAfter(line.text + line.codes, style);
      key += 1;
    }
    this.endOffset += bytes.length;
    this.newest = newestOf(this.newest, bytes);
    this.dropTop();
  }

  /** Adds a read that ends exactly at `start`; lines at the bottom make room for it. */
  prepend(bytes: Uint8Array, at: number, begin = 0): void {
    const whole = at === begin ? 0 : firstLineStart(bytes);
    const skip = whole ?? 0;
    const added = cutLines(bytes.subarray(skip), at + skip, null, newDecoder());
    const from = this.firstKey - added.length;
    for (const [index, line] of added.entries()) {
      line.key = from + index;
      line.open = false;
      line.headless = whole === null && index === 0;
      this.weight += weightOf(line);
    }
    this.lines = [...added, ...this.lines];
    this.renumberBy(added.length, at);
    this.carryStyles(added.length);
    this.dropBottom();
  }

  private takeOpen(): LogLine | null {
    const last = this.lines.at(-1);
    if (last?.open !== true) return null;
    this.firstFreeKey = this.firstKey;
    this.lines.pop();
    this.weight -= weightOf(last);
    return last;
  }

  private markHeadless(): void {
    const first = this.lines[0];
    if (first !== undefined) this.lines[0] = { ...first, headless: true };
  }

  private renumberBy(added: number, at: number): void {
    if (at === 0) this.firstNumber = this.lines.some((line) => line.headless) ? null : 1;
    else if (this.firstNumber !== null)
      this.firstNumber = this.lines[0]?.headless === true ? null : this.firstNumber - added;
  }

  /** Colours set above may reach below; it ends at the first line that already starts as it should. */
  private carryStyles(added: number): void {
    let style: AnsiStyle = PLAIN;
    for (const [index, line] of this.lines.entries()) {
      if (index >= added && sameStyle(line.style, style)) return;
      if (line.style !== style) this.lines[index] = { ...line, style };
      style = styleAfter(line.text + line.codes, style);
    }
  }

  private dropTop(): void {
    const count = this.excess((index) => index);
    if (count === 0) return;
    this.firstFreeKey = this.nextKey;
    for (const line of this.lines.splice(0, count)) this.weight -= weightOf(line);
    if (this.firstNumber !== null) this.firstNumber += count;
    this.drops.below = Math.max(this.drops.below, this.firstKey);
  }

  private dropBottom(): void {
    const count = this.excess((index) => this.lines.length - 1 - index);
    if (count === 0) return;
    const dropped = this.lines.splice(this.lines.length - count, count);
    for (const line of dropped) this.weight -= weightOf(line);
    this.endOffset = dropped[0]?.at ?? this.endOffset;
    this.decoder = newDecoder();
    this.newest = NOTHING;
    this.drops.from = Math.min(this.drops.from, this.nextKey);
  }

  /** How many lines must go, counted from the end that `pick` starts at. The last one always stays. */
  private excess(pick: (index: number) => number): number {
    const { lines, bytes } = this.limits;
    if (this.lines.length <= lines && this.weight <= bytes) return 0;
    let count = 0;
    let weight = this.weight;
    while (
      count < this.lines.length - 1 &&
      (this.lines.length - count > lines * DROP_TO || weight > bytes * DROP_TO)
    ) {
      weight -= weightOf(this.lines[pick(count)]);
      count += 1;
    }
    return count;
  }
}

const NOTHING = new Uint8Array(0);
const NEWEST_BYTES = 256;

function newestOf(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(Math.min(NEWEST_BYTES, before.length + bytes.length));
  const fresh = bytes.subarray(Math.max(0, bytes.length - joined.length));
  joined.set(fresh, joined.length - fresh.length);
  joined.set(before.subarray(before.length - (joined.length - fresh.length)), 0);
  return joined;
}

/** What copying, searching and measuring see: the text without its colour codes. */
export function textOf(line: LogLine): string {
  return plainText(line.text);
}

/** Memory of a line: its bytes, unless only a part of them was kept. */
function weightOf(line: LogLine | undefined): number {
  return line === undefined ? 0 : Math.min(line.bytes, line.text.length * 4) + line.codes.length;
}

function noDrops(): { below: number; from: number } {
  return { below: Number.NEGATIVE_INFINITY, from: Number.POSITIVE_INFINITY };
}
