import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLifeLine } from "./life-line";

const progress = (report: object) => ({ type: "progress", report });
const HEARTBEAT = { type: "heartbeat" };

describe("a line of ours", () => {
  const CASES: readonly (readonly [string, object | null])[] = [
    ["::unstuck heartbeat", HEARTBEAT],
    ["::unstuck heartbeat from=me", HEARTBEAT],
    ["::unstuck  progress   extracted=1", progress({ extracted: 1 })],
    [
      '::unstuck progress extracted=120 skipped=3 total=2000 message="page 40"',
      progress({ extracted: 120, skipped: 3, total: 2000, message: "page 40" }),
    ],
    ["::unstuck progress extracted=1\r", progress({ extracted: 1 })],
    ['::unstuck progress extracted="12"', progress({ extracted: 12 })],
    ["::unstuck progress message=one extracted=2 message=two", progress({ message: "two", extracted: 2 })],
    ["::unstuck progress message=42", progress({ message: "42" })],
    ["::unstuck progress message=", progress({ message: "" })],
    [
      '::unstuck progress message="a \\"b\\" \\\\ c=d extracted=9"',
      progress({ message: 'a "b" \\ c=d extracted=9' }),
    ],
    ['::unstuck progress message="never ends extracted=9', progress({ extracted: 9 })],
    ["::unstuck progress color=blue extracted=1 ??? =5 total", progress({ extracted: 1 })],
    ["::unstuck progress extracted=-1 skipped=2", progress({ skipped: 2 })],
    ["::unstuck progress extracted=NaN total=Infinity skipped=1.5", HEARTBEAT],
    ["::unstuck progress extracted=99999999999999999999 skipped=0", progress({ skipped: 0 })],
    ["::unstuck progress extracted=9007199254740993", HEARTBEAT],
    ["::unstuck progress extracted=0x10 skipped=1e3 total=1,000", HEARTBEAT],
    ["::unstuck progress __proto__=1 constructor=2 extracted=1", progress({ extracted: 1 })],
    ["::unstuck progress", HEARTBEAT],
    ["\u001b[32m::unstuck\u001b[0m progress extracted=\u001b[1m7\u001b[0m", progress({ extracted: 7 })],
    ["::unstuck", null],
    ["::unstuck ", null],
    ["::unstuck sleep", null],
    ["::unstuckprogress extracted=1", null],
    [" ::unstuck progress extracted=1", null],
    ["say ::unstuck heartbeat", null],
    ["::UNSTUCK heartbeat", null],
    ["", null],
  ];
  for (const [line, expected] of CASES) {
    test(`${JSON.stringify(line)} says ${JSON.stringify(expected)}`, () =>
      expect(parseLifeLine(line)).toEqual(expected));
  }

  const ESC = "\u001b";
  const SHOWN_FIRST = [
    "\r",
    "\r          \r",
    " 40%|####      | 4/10\r",
    `${ESC}[2K\r`,
    `bar 50%${ESC}[2K${ESC}[1G`,
    `bar 50%${ESC}[G`,
    `bar 50%${ESC}[1A${ESC}[2K\r`,
    `bar 50%${ESC}[2F${ESC}[J`,
    `bar 50%${ESC}[3;1H`,
    `${ESC}7bar 50%${ESC}8`,
    `${ESC}]0;a title\u0007${ESC}[32m`,
    `${ESC}(B`,
    "50%\b\b\b",
    `50%${ESC}[9D`,
  ];
  for (const before of SHOWN_FIRST) {
    test(`FR-F14 is recognised after ${JSON.stringify(before)}, where a terminal shows it at a line's beginning`, () =>
      expect(parseLifeLine(`${before}::unstuck progress extracted=7`)).toEqual(progress({ extracted: 7 })));
  }
  for (const before of [
    "50%\b\b",
    `a${ESC}[2K`,
    `\r${ESC}[5C`,
    `${ESC}[7G`,
    `${ESC}[2;4H`,
    "\t",
    "x\r ",
    `a${ESC}[K`,
  ]) {
    test(`FR-F14 is the program's own text after ${JSON.stringify(before)}, where a terminal shows it further right`, () =>
      expect(parseLifeLine(`${before}::unstuck progress extracted=7`)).toBeNull());
  }

  test("says what was put into it, whatever the message", () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: "grapheme-ascii", maxLength: 80 }), (extracted, message) => {
        const quoted = message.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
        const parsed = parseLifeLine(`::unstuck progress message="${quoted}" extracted=${extracted}`);
        expect(parsed).toEqual(progress({ extracted, message: message.trim() }));
      }),
    );
  });

  test("is read in bounded time and without failing, whatever follows the mark", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (rest) => void parseLifeLine(`::unstuck progress ${rest}`)),
    );
    for (const piece of [
      "\u001b[1G::unstuck ",
      "\r::unstuck",
      '"\\',
      "a=",
      'a="',
      "\u001b[",
      "\u001b]",
      "= ",
    ])
      expect(() => parseLifeLine(`::unstuck progress ${piece.repeat(2_000)}`)).not.toThrow();
  });
});
