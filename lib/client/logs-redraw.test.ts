import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineBuffer, textOf } from "./logs-buffer";

const E = "\u001b[";
const encoded = (text: string) => new TextEncoder().encode(text);
const shown = (buffer: LineBuffer) => buffer.lines.map(textOf);

function drawn(...reads: (string | Uint8Array)[]): string[] {
  const buffer = new LineBuffer(0);
  for (const read of reads) buffer.append(typeof read === "string" ? encoded(read) : read);
  return shown(buffer);
}

/** As the programs write them; what a terminal shows in the end. */
const DISPLAYS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "docker pull: one line of three is drawn again in its place",
    `a: waiting\nb: waiting\nc: waiting\n${E}3A${E}2K\ra: 50%\r${E}3B${E}2A${E}2K\rb: done\r${E}2Bend\n`,
    ["a: 50%", "b: done", "c: waiting", "end"],
  ],
  [
    "rich: a table is drawn over itself",
    `one 1%\ntwo 2%${`\r${E}2K${E}1A${E}2Kone 50%\ntwo 60%`}${`\r${E}2K${E}1A${E}2Kone 100%\ntwo 100%`}\nend\n`,
    ["one 100%", "two 100%", "end"],
  ],
  [
    "npm and listr: up, erase, and fewer lines than before",
    `- a\n- b\n- c\n${E}3F${E}Jok a\nok b\nend\n`,
    ["ok a", "ok b", "end"],
  ],
  [
    "tqdm with two bars",
    `\router 1\n\rinner 1${E}A\router 2\n\rinner 2${E}A\router 3\n\n`,
    ["outer 3", "inner 2"],
  ],
  ["a bar below ordinary lines", `kept\nbar 1\n${E}1A${E}2Kbar 2\n`, ["kept", "bar 2"]],
  ["more rows up than there are", `only\n${E}99A${E}2Kagain\n`, ["again"]],
  ["colours on the way", `${E}32mgreen${E}0m\n${E}1A${E}2K${E}31mred${E}0m\n`, ["red"]],
  ["going up and writing nothing", `a\nb\n${E}2A\n\nc\n`, ["a", "b", "c"]],
];

describe("a display of several lines that is drawn over and over shows what a terminal would show in the end:", () => {
  test.each(DISPLAYS)("%s", (_, text, lines) => expect(drawn(text)).toEqual(lines));

  test.each(DISPLAYS)("%s, wherever the log is cut into reads", (_, text, lines) => {
    for (let at = 1; at < text.length; at += 1)
      expect(drawn(text.slice(0, at), text.slice(at)), `cut at ${at}`).toEqual(lines);
  });

  test("keys stay one apart, offsets grow, and the whole file counts as read", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "\n",
        `${E}2A`,
        `${E}A`,
        `${E}1B`,
        `${E}J`,
        `${E}2K`,
        "\r",
        `${E}3F`,
        "\u001b",
        `${E}3`,
        `${E}31m`,
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(piece, { maxLength: 8 }), { maxLength: 8 }), (reads) => {
        const buffer = new LineBuffer(0, 7);
        let size = 0;
        for (const read of reads) {
          const bytes = encoded(read.join(""));
          buffer.append(bytes);
          size += bytes.length;
        }
        expect(buffer.end).toBe(size);
        const { lines } = buffer;
        expect(lines.map(({ key }) => key)).toEqual(lines.map((_, at) => 7 + at));
        expect(lines.every((line, at) => line.at >= (lines[at - 1]?.at ?? 0))).toBe(true);
      }),
    );
  });

  test("a megabyte of it takes no longer than it must, and keeps no more than it shows", () => {
    const frame = `${E}3F${E}Ja\nb\nc\n`;
    expect(drawn("a\nb\nc\n", frame.repeat(1024 * 64))).toEqual(["a", "b", "c"]);
  });
});

test("a log in another encoding is read as its job says, also where a read cuts a character", () => {
  const sjis = new Uint8Array([0x83, 0x79, 0x81, 0x5b, 0x83, 0x57, 0x0a, 0x31, 0x0a]);
  const buffer = new LineBuffer(0, 0, undefined, "shift_jis");
  for (const byte of sjis) buffer.append(new Uint8Array([byte]));
  expect(shown(buffer)).toEqual(["ページ", "1"]);
  expect(shown(LineBuffer.from(sjis, 0, 0, { encoding: "shift_jis" }))).toEqual(["ページ", "1"]);
});
