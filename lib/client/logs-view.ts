import type { LogRead } from "./logs";
import { LineBuffer } from "./logs-buffer";

export type LogPhase = "loading" | "ready" | "empty" | "missing" | "failed";

/** Something the reader must know about what is loaded. Closed set; the words stand in components/logs. */
export type LogNotice =
  | { readonly kind: "cut" }
  | { readonly kind: "skipped"; readonly bytes: number }
  /** Dropped from the file's beginning before they could be read. */
  | { readonly kind: "outrun"; readonly bytes: number }
  | { readonly kind: "elsewhere"; readonly offset: number };

/** What is on screen. A new object at every change; `buffer` is the same one while it only grows or shrinks. */
export interface LogView {
  readonly phase: LogPhase;
  readonly buffer: LineBuffer;
  /** Size of the file as far as known, in bytes. */
  readonly size: number;
  /** Where the file begins: what came before was dropped because of its cap. */
  readonly keptFrom: number;
  readonly failure: Error | null;
  readonly notice: LogNotice | null;
  readonly loadingEarlier: boolean;
  /** Lines at the far end were given up to stay within the limits of the browser. */
  readonly dropped: "top" | "bottom" | null;
  /** The run is over and the file was read to its end. */
  readonly complete: boolean;
}

export function openingView(size: number): LogView {
  return {
    phase: "loading",
    buffer: new LineBuffer(0),
    size,
    keptFrom: 0,
    failure: null,
    notice: null,
    loadingEarlier: false,
    dropped: null,
    complete: false,
  };
}

export function phaseOf(read: LogRead, active: boolean, sizeHint: number): LogPhase {
  if (read.outcome === "bytes") return read.size === 0 ? "empty" : "ready";
  // Before a run's first output there is no file yet; after it, a file that is not there was taken away.
  return active || sizeHint === 0 ? "empty" : "missing";
}
