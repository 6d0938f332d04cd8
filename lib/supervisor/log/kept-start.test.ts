import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { firstKeptLine, lineStartBefore } from "./kept-start";
import { BLOCK_BYTES, punch } from "./punch";

function aFile(content: string): { path: string; file: number; size: number } {
  const path = join(temporaryFolder(), "log");
  writeFileSync(path, content);
  const file = openSync(path, "r");
  onTestFinished(() => closeSync(file));
  return { path, file, size: content.length };
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

describe("the start of the line that an offset lies in", () => {
  test("is the byte after the newline before it, also across reads", async () => {
    const text = `first\n${"x".repeat(200_000)}\nlast\n`;
    const { file } = aFile(text);
    expect(await lineStartBefore(file, 3, 0)).toBe(0);
    expect(await lineStartBefore(file, 6, 0)).toBe(6);
    expect(await lineStartBefore(file, 200_006, 0)).toBe(6);
    expect(await lineStartBefore(file, 200_009, 0)).toBe(200_007);
  });

  test("is never before what is kept anyway", async () => {
    const { file } = aFile("x".repeat(5_000));
    expect(await lineStartBefore(file, 4_000, 1_000)).toBe(1_000);
  });

  test("is the offset itself in a line of more than a megabyte, which is cut", async () => {
    const { file } = aFile("x".repeat(3_000_000));
    expect(await lineStartBefore(file, 2_500_000, 0)).toBe(2_500_000);
  });
});

describe("a hole", () => {
  test("gives back what it covers, and leaves size and offsets as they are", async () => {
    const text = numbered(100_000);
    const { path, file } = aFile(text);
    const before = statSync(path).blocks;
    expect(await punch(file, BLOCK_BYTES * 50)).toEqual({ ok: true });
    const { size, blocks } = statSync(path);
    expect([size, before - blocks]).toEqual([text.length, (BLOCK_BYTES * 50) / 512]);
    expect(readFileSync(path, "utf8").slice(BLOCK_BYTES * 50)).toBe(text.slice(BLOCK_BYTES * 50));
  });

  test("that nobody wrote down is found again, and the first whole line after it", async () => {
    const text = numbered(100_000);
    const { file, size } = aFile(text);
    for (const blocks of [1, 7, 100]) {
      const end = BLOCK_BYTES * blocks;
      await punch(file, end);
      const kept = text.indexOf("\n", end) + 1;
      expect(await firstKeptLine(file, 0, size)).toBe(kept);
      expect(await firstKeptLine(file, kept, size)).toBe(kept);
    }
  });

  test("is not looked for where the log begins with text, whatever it holds further on", async () => {
    const { file, size } = aFile(`begins\n${"\0".repeat(100_000)}\nends\n`);
    expect(await firstKeptLine(file, 0, size)).toBe(0);
    expect([await firstKeptLine(file, size, size), await firstKeptLine(file, 0, 0)]).toEqual([size, 0]);
  });

  test("over the whole file leaves nothing to begin with", async () => {
    const { file, size } = aFile(numbered(10_000));
    await punch(file, Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES);
    expect(await firstKeptLine(file, 0, size)).toBe(size);
  });

  test("cannot be made in what is no file, and the reason is told", async () => {
    const folder = openSync(temporaryFolder(), "r");
    onTestFinished(() => closeSync(folder));
    expect(await punch(folder, BLOCK_BYTES)).toMatchObject({ ok: false, reason: expect.any(String) });
  });
});
