import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** What the programs themselves wrote about their lives (test/programs/keeps-journal). Times are seconds since boot. */
export type Entry = {
  readonly at: number;
  readonly what: string;
  readonly job: string;
  readonly runId: string;
  readonly detail: string;
};

/** @returns a function that answers the entries written since it was called last */
export function journalReader(file: string): () => Entry[] {
  let offset = 0;
  return () => {
    const text = readFrom(file, offset);
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    offset += Buffer.byteLength(whole, "latin1");
    return whole.split("\n").filter(Boolean).map(entry);
  };
}

function entry(line: string): Entry {
  const [at = "", what = "", job = "", runId = "", , detail = ""] = line.split(" ");
  return { at: Number(at), what, job, runId, detail };
}

function readFrom(file: string, offset: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    // Nobody has begun yet.
    return "";
  }
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - offset));
    return buffer.toString("latin1", 0, readSync(descriptor, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(descriptor);
  }
}
