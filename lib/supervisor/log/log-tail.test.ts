import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lastWordsIn } from "@/lib/domain/last-words";
import { temporaryFolder } from "@/test/folders";
import { readLogTail } from "./log-tail";

function logOf(content: string | Buffer): string {
  const path = join(temporaryFolder(), "job/logs/run_1.log");
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

test("FR-A14 the end of a log is read in the encoding of its job, and no more than 256 KB of it", async () => {
  const shiftJis = Buffer.concat([
    Buffer.from("ValueError: "),
    Buffer.from([0x89, 0xbf, 0x8a, 0x69]),
    Buffer.from("\n"),
  ]);
  expect(lastWordsIn(await readLogTail(logOf(shiftJis), "shift_jis"), [])).toBe("ValueError: 価格");
  expect(await readLogTail(logOf(`a${"x".repeat(256 * 1024)}`), "utf-8")).toBe("x".repeat(256 * 1024));
});

test("FR-A14 no log, a link in place of one, and an encoding that is none are no words", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "job/logs"), { recursive: true });
  symlinkSync("/etc/passwd", join(folder, "job/logs/link.log"));
  for (const name of ["gone.log", "link.log"])
    expect(await readLogTail(join(folder, "job/logs", name), "utf-8")).toBe("");
  expect(await readLogTail(logOf("ValueError: x"), "no-such")).toBe("");
});
