import type { AnsiSpan } from "./ansi";
import { type LineBuffer, textOf } from "./logs-buffer";
import type { LogLine } from "./logs-line";

/** One place a search found. `at` stays true when the line is dropped, or was never loaded (a search by the server). */
export interface LogHit {
  readonly key: number;
  readonly at: number;
  /** Position in the line's plain text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/** More than anybody steps through; the count then reads "50,000+". */
export const MAX_HITS = 50_000;

/** Lines looked at before the clock is asked again. */
const BLOCK_LINES = 2_000;

/** Letter case does not matter; nothing in the text is special. null for an empty search. */
export function toPattern(query: string): RegExp | null {
  return query === "" ? null : new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi");
}

/** The places of `pattern` in one line, in order. */
export function matchesIn(text: string, pattern: RegExp): { from: number; to: number }[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
}

/**
 * Searches what is loaded, a slice of time at a go, and keeps up as lines come and go at both ends. The newest lines are
 * searched first.
 */
export class LoadedSearch {
  hits: readonly LogHit[] = [];
  /** Keys searched so far: `from` up to, not including, `to`. The line that still grows is searched again. */
  private from: number;
  private to: number;

  constructor(
    private readonly buffer: LineBuffer,
    private readonly pattern: RegExp,
  ) {
    this.from = this.settledKey();
    this.to = this.from;
  }

  get isFull(): boolean {
    return this.hits.length >= MAX_HITS;
  }

  /** Works until `isOver` says so. True when everything loaded is searched. */
  advance(isOver: () => boolean): boolean {
    this.forgetDropped();
    while (!this.isFull && (this.to < this.settledKey() || this.from > this.buffer.firstKey)) {
      if (this.to < this.settledKey()) this.searchDown();
      else this.searchUp();
      if (isOver()) return false;
    }
    this.searchGrowing();
    return true;
  }

  private forgetDropped(): void {
    const { firstKey } = this.buffer;
    const drops = this.buffer.takeDrops();
    this.to = Math.max(firstKey, Math.min(this.to, drops.from, this.settledKey()));
    this.from = Math.min(this.to, Math.max(this.from, drops.below, firstKey));
    const first = this.hits[0]?.key ?? this.from;
    const last = this.hits.at(-1)?.key ?? this.from - 1;
    if (first < this.from || last >= this.to) {
      this.hits = this.hits.filter((hit) => hit.key >= this.from && hit.key < this.to);
    }
  }

  private searchDown(): void {
    const until = Math.min(this.to + BLOCK_LINES, this.settledKey());
    this.hits = this.hits.concat(this.search(this.to, until));
    this.to = until;
  }

  private searchUp(): void {
    const start = Math.max(this.from - BLOCK_LINES, this.buffer.firstKey);
    this.hits = this.search(start, this.from).concat(this.hits);
    this.from = start;
  }

  /** The line that still grows lies beyond `to`, so the next turn forgets its hits and looks again. */
  private searchGrowing(): void {
    if (this.buffer.lines.at(-1)?.open !== true || this.isFull) return;
    this.hits = this.hits.concat(this.search(this.settledKey(), this.buffer.nextKey));
  }

  private settledKey(): number {
    return this.buffer.lines.at(-1)?.open === true ? this.buffer.nextKey - 1 : this.buffer.nextKey;
  }

  private search(fromKey: number, untilKey: number): LogHit[] {
    const hits: LogHit[] = [];
    for (let key = fromKey; key < untilKey; key++) {
      const line = this.buffer.byKey(key);
      if (line !== undefined) hits.push(...hitsIn(line, this.pattern));
    }
    return hits;
  }
}

function hitsIn(line: LogLine, pattern: RegExp): LogHit[] {
  return matchesIn(textOf(line), pattern).map(({ from, to }) => ({ key: line.key, at: line.at, from, to }));
}

/** Index of the hit to show when stepping starts: the first one from `key` on, else the last. -1 without hits. */
export function hitNear(hits: readonly LogHit[], key: number): number {
  const index = hits.findIndex((hit) => hit.key >= key);
  return index === -1 ? hits.length - 1 : index;
}

/** A run of a line's text as it is drawn; `hit` is the start of the match it belongs to. */
export interface MarkedSpan extends AnsiSpan {
  readonly hit: number | null;
}

/** Cuts coloured spans once more, where matches begin and end. Their text stays the same, letter for letter. */
export function markSpans(
  spans: readonly AnsiSpan[],
  matches: readonly { from: number; to: number }[],
): MarkedSpan[] {
  const marked: MarkedSpan[] = [];
  let position = 0;
  let next = 0;
  for (const { text, style } of spans) {
    let cursor = 0;
    while (cursor < text.length) {
      while ((matches[next]?.to ?? Number.POSITIVE_INFINITY) <= position + cursor) next += 1;
      const match = matches[next];
      const start = match === undefined ? text.length : match.from - position;
      const inside = match !== undefined && start <= cursor;
      const until = Math.min(text.length, inside ? match.to - position : start);
      marked.push({ text: text.slice(cursor, until), style, hit: inside ? match.from : null });
      cursor = until;
    }
    position += text.length;
  }
  return marked;
}
