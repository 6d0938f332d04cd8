import type { LineBuffer } from "@/lib/client/logs-buffer";
import type { LogLine } from "@/lib/client/logs-line";
import { grouped } from "./log-words";

export interface LogGutter {
  /** Room for the widest label in characters; 0: nothing is shown. */
  readonly digits: number;
  readonly label: (line: LogLine, index: number) => string;
}

/** Line numbers while they are known, else the byte offset each line starts at: never a number that is made up. */
export function gutterOf(buffer: LineBuffer, shown: boolean): LogGutter {
  if (!shown) return { digits: 0, label: () => "" };
  const first = buffer.firstNumber;
  if (first === null) return { digits: grouped(buffer.end).length, label: (line) => grouped(line.at) };
  // Room for the next power of ten at once, or every row would move aside at the thousandth line.
  return {
    digits: Math.max(4, String(first + buffer.lines.length).length),
    label: (_, index) => String(first + index),
  };
}
