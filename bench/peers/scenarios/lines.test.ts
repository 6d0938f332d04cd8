import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { countLines, countLinesOf, linesIn, mark } from "./lines.mjs";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${mark(from + index)}${".".repeat(88)}\n`).join("");

test("each line counts once, over the parts of a log, and what is missing is missed", async () => {
  const folder = temporaryFolder();
  const parts = ["old", "new"].map((name) => ({ path: join(folder, name) }));
  writeFileSync(join(folder, "old"), lines(0, 60_000));
  writeFileSync(join(folder, "new"), lines(59_990, 100_000));
  expect(await countLines(parts, 100_010)).toEqual({ whole: 100_000, torn: 0 });
});

test("a log that is not there has no lines", async () => {
  expect(await countLines([{ path: "/nowhere/at/all" }], 10)).toEqual({ whole: 0, torn: 0 });
  expect(countLinesOf(null, 10)).toEqual({ whole: 0, torn: 0 });
});

test("a line that a prefix tore apart is whole without it, and said to be torn", async () => {
  const path = join(temporaryFolder(), "log");
  writeFileSync(path, `${mark(0)}\n${mark(1).slice(0, 5)}\n[Launcher,7/stdout] ${mark(1).slice(5)}\n`);
  const parts = [{ path, strip: /\n\[Launcher,\d+\/stdout\] /g }];
  expect(await countLines(parts, 2)).toEqual({ whole: 2, torn: 1 });
});

test("a mark on the border of two chunks of a buffer counts", () => {
  // A chunk is a whole number of lines, so they begin a little later.
  const log = Buffer.from(`${" ".repeat(95)}${lines(0, 80_001)}`);
  expect(countLinesOf(log, 80_001).whole).toBe(80_001);
  expect(linesIn(lines(5, 15))).toBe(10);
});
