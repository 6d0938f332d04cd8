import { appendFileSync, closeSync, fstatSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import type { ScanState } from "./line-scanner";
import { goOnFrom, MAX_READ_BYTES, readLines } from "./log-lines";

const fresh = (): ScanState => ({ carry: Buffer.alloc(0), skipping: false });
const line = (extracted: number) => `::unstuck progress extracted=${extracted}\n`;

function withLog<Result>(content: string, work: (file: number, path: string) => Result): Result {
  const path = join(temporaryFolder(), "log");
  writeFileSync(path, content);
  const file = openSync(path, "r");
  try {
    return work(file, path);
  } finally {
    closeSync(file);
  }
}

const found = (file: number, state: ScanState, from: number, to = fstatSync(file).size) =>
  readLines(file, state, from, to, false).map((one) =>
    one.type === "progress" ? one.report.extracted : one.type,
  );

test("only what was appended is read", () => {
  withLog(line(1), (file, path) => {
    const state = fresh();
    expect(found(file, state, 0)).toEqual([1]);
    const from = fstatSync(file).size;
    appendFileSync(path, line(2));
    expect(found(file, state, from)).toEqual([2]);
  });
});

test("of more than one look may read the newest part is read, from the first whole line on", () => {
  const filler = "x".repeat(MAX_READ_BYTES - line(2).length - 1);
  withLog(`${line(1)}${line(2)}${filler}\n`, (file) => expect(found(file, fresh(), 0)).toEqual([2]));
  withLog(`${line(1)}${line(2)}${filler}x\n`, (file) => expect(found(file, fresh(), 0)).toEqual([]));
});

test("a later dashboard goes on in the middle of a line, and takes no line twice", () => {
  const text = `noise\n${line(1)}${line(2)}`;
  withLog(text, (file) => {
    for (let from = 0; from <= text.length; from += 1) {
      const done = text.slice(0, from).split("\n").length - 1;
      const expected = [[1, 2], [1, 2], [2], []][done];
      expect(found(file, goOnFrom(file, from), from), `from ${from}`).toEqual(expected);
    }
  });
});

test("a beginning that lies too far back is not looked for", () => {
  const text = `${"x".repeat(10_000)}${line(1)}${line(2)}`;
  withLog(text, (file) => expect(found(file, goOnFrom(file, 9_000), 9_000)).toEqual([2]));
});
