import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { MAX_PROGRESS_BYTES, type ProgressFileState, readProgressFile } from "./progress-file";

let folder: string;
let path: string;
let state: ProgressFileState;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, "progress.json");
  state = { seen: null, rereads: 0 };
});

const look = (last = false) => readProgressFile(path, false, state, last);
/** Written long enough ago that the file's time tells one write from another. */
function write(text: string, secondsAgo = 60): void {
  writeFileSync(path, text);
  const at = Date.now() / 1_000 - secondsAgo;
  utimesSync(path, at, at);
}

test("a whole file is read once for each change, by rename or by plain writing", () => {
  expect(look()).toBeNull();
  write('{"extracted": 1}');
  expect(look()).toEqual({ report: { extracted: 1 }, again: false });
  expect(look()).toBeNull();
  write('{"extracted": 2}', 50);
  expect(look()?.report).toEqual({ extracted: 2 });
  writeFileSync(`${path}.new`, '{"extracted": 3}');
  renameSync(`${path}.new`, path);
  expect(look()?.report).toEqual({ extracted: 3 });
});

test("a half-written file says nothing until it is whole, also when it looks no different then", () => {
  const at = Date.now() / 1_000 - 60;
  for (const [text, report] of [
    ['{"extracted": 1, "mess', undefined],
    ['{"extracted": 1}      ', { extracted: 1 }],
  ] as const) {
    writeFileSync(path, text);
    utimesSync(path, at, at);
    expect(look()?.report).toEqual(report);
  }
});

test("a file written twice within one step of its time is read again", () => {
  writeFileSync(path, '{"extracted": 1}');
  expect(look()?.again).toBe(false);
  expect(look()).toEqual({ report: { extracted: 1 }, again: true });
  expect(look()).toBeNull();
});

test("at the end it is read however it looks", () => {
  write('{"extracted": 1}');
  look();
  expect(look(true)).toEqual({ report: { extracted: 1 }, again: true });
});

test("what cannot be believed is left out, and what is no object says nothing", () => {
  write('{"extracted": -1, "skipped": 2, "color": "blue"}', 90);
  expect(look()?.report).toEqual({ skipped: 2 });
  for (const [index, text] of ["[1]", "7", "null", "hello", '"text"', "\u0000\u0001"].entries()) {
    write(text, 80 - index);
    expect(look(), text).toBeNull();
  }
});

test("a link, a FIFO, a folder and a file too large are not opened, followed or loaded", () => {
  writeFileSync(join(folder, "elsewhere"), '{"extracted": 1}');
  symlinkSync(join(folder, "elsewhere"), path);
  expect(look(true)).toBeNull();
  rmSync(path);
  execFileSync("mkfifo", [path]);
  expect(look(true)).toBeNull();
  rmSync(path);
  mkdirSync(path);
  expect(look(true)).toBeNull();
  rmSync(path, { recursive: true });
  write(`{"extracted": 1}${" ".repeat(MAX_PROGRESS_BYTES)}`);
  expect(look(true)).toBeNull();
});
