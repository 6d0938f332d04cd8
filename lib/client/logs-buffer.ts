import { type AnsiStyle, PLAIN, plainText, sameStyle, styleAfter } from "./ansi";
import { BUFFER_LIMITS, type BufferLimits, excess, hasRoom, weightOf } from "./logs-limits";
import { cutLines, type Draft, firstLineStart, type LogLine, newDecoder } from "./logs-line";
import { NOTHING, newestOf } from "./logs-newest";
import { AT_END, drawOver, redraws, SCREEN_ROWS, splitUnfinished } from "./logs-redraw";

/**
 * The part of a log that is loaded: one unbroken run of lines, `start` to `end` in bytes of the file. It grows at both
 * ends and, over its limits, gives up lines at the end that is farther from the reader.
 */
export class LineBuffer {
  lines: LogLine[] = [];
  /** Number of the first line, counted from 1 at the start of the file; null while that is not known. */
  firstNumber: number | null;
  private weight = 0;
  private decoder: TextDecoder;
  /** How many rows above the end a progress display has gone, and the beginning of a code that the next read ends. */
  private place = AT_END;
  private held = "";
  private drops = noDrops();
  private endOffset: number;
  /** The newest bytes before `end`; fewer where they are not known. A file that still holds them there is the same file. */
  newest: Uint8Array = NOTHING;

  constructor(
    at = 0,
    private firstFreeKey = 0,
    private readonly limits: BufferLimits = BUFFER_LIMITS,
    private readonly encoding = "utf-8",
  ) {
    this.decoder = newDecoder(encoding);
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
    return hasRoom(this.lines.length, this.weight, this.limits);
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
  static from(
    bytes: Uint8Array,
    at: number,
    firstKey: number,
    {
      limits,
      begin = 0,
      encoding,
    }: { limits?: BufferLimits | undefined; begin?: number; encoding?: string | undefined } = {},
  ): LineBuffer {
    const skip = at === begin ? 0 : (firstLineStart(bytes) ?? 0);
    const buffer = new LineBuffer(at + skip, firstKey, limits, encoding);
    buffer.append(bytes.subarray(skip));
    if (at > begin && skip === 0) buffer.markHeadless();
    return buffer;
  }

  /**
   * What has been dropped since the last call: lines with keys below `below`, and from `from` on. Lines read again later
   * bear the same keys as other lines did before, so a caller that remembers keys must forget these.
   */
  takeDrops(): { below: number; from: number } {
    const { drops } = this;
    this.drops = noDrops();
    return drops;
  }

  /** Adds what follows `end`; lines at the top make room for it. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const text = this.decoder.decode(bytes, { stream: true });
    const joined =
      (this.lines.at(-1)?.open === true ? (this.lines.at(-1)?.text.slice(-LONGEST_MOVE) ?? "") : "") + text;
    if (this.place !== AT_END || this.held !== "" || redraws(joined)) this.drawOver(text, bytes);
    else {
      const open = this.takeOpen();
      this.push(cutLines(bytes, this.endOffset, open, text), open?.style);
    }
    this.endOffset += bytes.length;
    this.newest = newestOf(this.newest, bytes);
    this.dropTop();
  }

  /** Lines that are drawn over bear the keys they had, so what was remembered of them is forgotten. */
  private drawOver(text: string, bytes: Uint8Array): void {
    const tail = this.takeLast(SCREEN_ROWS);
    const last = tail.at(-1);
    const begun = last?.open === true ? splitUnfinished(last.text) : { whole: "", held: "" };
    if (last !== undefined && begun.held !== "") {
      tail.pop();
      // A line that is nothing but the beginning of a code is none yet.
      if (begun.whole !== "" || last.overwrite) tail.push({ ...last, text: begun.whole });
    }
    const { whole, held } = splitUnfinished(begun.held + this.held + text);
    const drawn = drawOver(tail, this.place, whole, bytes, this.endOffset);
    this.held = held;
    this.place = drawn.place.up === 0 && !drawn.place.fresh ? AT_END : drawn.place;
    this.drops.from = Math.min(this.drops.from, this.nextKey);
    this.push(drawn.lines, tail[0]?.style);
  }

  private takeLast(count: number): LogLine[] {
    this.firstFreeKey = this.firstKey;
    const taken = this.lines.splice(-count);
    for (const line of taken) this.weight -= weightOf(line);
    return taken;
  }

  private push(drafts: readonly Draft[], begin: AnsiStyle | undefined): void {
    const last = this.lines.at(-1);
    let style = begin ?? (last === undefined ? PLAIN : styleAfter(last.text + last.codes, last.style));
    let key = this.nextKey;
    for (const draft of drafts) {
      // One that is shown already belongs to another object.
      const line = draft.key === 0 ? draft : { ...draft };
      line.key = key;
      line.style = style;
      this.lines.push(line);
      this.weight += weightOf(line);
      style = styleAfter(line.text + line.codes, style);
      key += 1;
    }
  }

  /** Adds a read that ends exactly at `start`; lines at the bottom make room for it. */
  prepend(bytes: Uint8Array, at: number, begin = 0): void {
    const whole = at === begin ? 0 : firstLineStart(bytes);
    const skip = whole ?? 0;
    const part = bytes.subarray(skip);
    const text = newDecoder(this.encoding).decode(part);
    const added = redraws(text)
      ? drawOver([], AT_END, text, part, at + skip).lines
      : cutLines(part, at + skip, null, text);
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
    return this.lines.at(-1)?.open === true ? (this.takeLast(1)[0] ?? null) : null;
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
    const count = excess(this.lines, this.weight, this.limits, (index) => index);
    if (count === 0) return;
    this.firstFreeKey = this.nextKey;
    for (const line of this.lines.splice(0, count)) this.weight -= weightOf(line);
    if (this.firstNumber !== null) this.firstNumber += count;
    this.drops.below = Math.max(this.drops.below, this.firstKey);
  }

  private dropBottom(): void {
    const count = excess(this.lines, this.weight, this.limits, (index) => this.lines.length - 1 - index);
    if (count === 0) return;
    const dropped = this.lines.splice(this.lines.length - count, count);
    for (const line of dropped) this.weight -= weightOf(line);
    this.endOffset = dropped[0]?.at ?? this.endOffset;
    this.decoder = newDecoder(this.encoding);
    this.place = AT_END;
    this.held = "";
    this.newest = NOTHING;
    this.drops.from = Math.min(this.drops.from, this.nextKey);
  }
}

/** A code for moving, begun in one read and ended in the next. */
const LONGEST_MOVE = 8;
/** What copying, searching and measuring see: the text without its colour codes. */
export function textOf(line: LogLine): string {
  return plainText(line.text);
}

function noDrops(): { below: number; from: number } {
  return { below: Number.NEGATIVE_INFINITY, from: Number.POSITIVE_INFINITY };
}
