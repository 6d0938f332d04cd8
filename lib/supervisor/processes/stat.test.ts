import { describe, expect, test } from "vitest";
import { parseStat, readStat } from "./stat";

const FIELDS =
  "S 10 20 30 0 -1 4194304 1 2 3 4 101 202 303 404 20 0 1 0 987654 9999999 777 18446744073709551615 0";
const EXPECTED = {
  pid: 7,
  state: "S",
  parent: 10,
  group: 20,
  session: 30,
  startTicks: 987_654,
  own: 303,
  children: 707,
  rss: 777,
  isHeadless: false,
  isKernelThread: false,
};

function parse(line: string, length?: number) {
  const bytes = Buffer.from(line, "latin1");
  return parseStat(7, bytes, length ?? bytes.length);
}

describe("a line of /proc/<pid>/stat is understood whatever the program calls itself", () => {
  const NAMES = [
    "node",
    "",
    " ",
    "a) S (b",
    ") R 1 1 1",
    "((()))",
    "a b c",
    "tmux: server",
    "a\nb",
    ")",
    "ü) Z 1",
  ];
  for (const name of NAMES)
    test(JSON.stringify(name), () => expect(parse(`7 (${name}) ${FIELDS}\n`)).toEqual(EXPECTED));

  for (const torn of ["", "7", "7 (node", "7 (node)", "7 (node) ", "7 (node) S", "7 (node) S 10 20 30"])
    test(`a torn line ${JSON.stringify(torn)} is nobody`, () => expect(parse(torn)).toBeNull());
});

test("a process lives as long as any thread of it, though the first has ended", () => {
  const ended = (threads: number) =>
    parse(`7 (n) ${FIELDS.replace("S", "Z").replace("20 0 1 0", `20 0 ${threads} 0`)}\n`);
  expect(ended(2)).toMatchObject({ state: "S", isHeadless: true });
  expect(ended(1)).toMatchObject({ state: "Z", isHeadless: false });
});

test("a thread of the kernel's own is known by its flags", () => {
  expect(parse(`2 (kthreadd) ${FIELDS.replace("4194304", "2129984")}\n`)?.isKernelThread).toBe(true);
});

test("what an earlier, longer line left in the buffer is not read", () => {
  expect(parse(`7 (n) ${FIELDS}`, 12)).toBeNull();
});

test("a number that is there is that process, and one that is not fails as the system says", () => {
  expect(readStat(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
  expect(() => readStat(500_000_000)).toThrow(/ENOENT/);
});
