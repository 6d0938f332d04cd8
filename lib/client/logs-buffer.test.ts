import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PLAIN } from "./ansi";
import { LineBuffer, textOf } from "./logs-buffer";
import { MAX_LINE_CHARS } from "./logs-line";

const E = "\u001b";
const encoder = new TextEncoder();
const bytesOf = (text: string) => encoder.encode(text);

function bufferOf(text: string): LineBuffer {
  const buffer = new LineBuffer(0);
  buffer.append(bytesOf(text));
  return buffer;
}

function texts(buffer: LineBuffer): string[] {
  return buffer.lines.map(textOf);
}

/** Everything but keys, which count reads. */
function facts(buffer: LineBuffer) {
  return buffer.lines.map(({ key: _, ...line }) => line);
}

const logText = fc.string({
  unit: fc.constantFrom(
    "a",
    "é",
    "😀",
    "世",
    "\n",
    "\r",
    "\r\n",
    "\t",
    `${E}[31m`,
    `${E}[0m`,
    "0".repeat(300),
    "\ufeff",
  ),
  maxLength: 120,
});
const cuts = fc.array(fc.nat(), { maxLength: 12 });

function pieces(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

describe("append", () => {
  it("gives the same lines however the bytes are split", () => {
    fc.assert(
      fc.property(logText, cuts, (text, at) => {
        const buffer = new LineBuffer(0);
        for (const piece of pieces(bytesOf(text), at)) buffer.append(piece);
        expect(facts(buffer)).toEqual(facts(bufferOf(text)));
        expect(buffer.end).toBe(bytesOf(text).length);
      }),
    );
  });

  it("says where each line begins in the file, byte for byte", () => {
    const buffer = bufferOf("aé\n\n😀\nrest");
    expect(buffer.lines.map(({ at, bytes }) => [at, bytes])).toEqual([
      [0, 4],
      [4, 1],
      [5, 5],
      [10, 4],
    ]);
    expect([0, 3, 4, 9, 13, 14, -1].map((offset) => buffer.indexAt(offset))).toEqual([0, 0, 1, 2, 3, -1, -1]);
  });

  it("shows the unfinished line while it grows, under the same key", () => {
    const buffer = bufferOf("one\ntw");
    const { key } = buffer.lines[1] ?? {};
    expect(buffer.lines[1]?.open).toBe(true);
    buffer.append(bytesOf("o\nthree"));
    expect(texts(buffer)).toEqual(["one", "two", "three"]);
    expect(buffer.lines[1]).toMatchObject({ key, open: false });
  });

  it.each([
    ["a progress bar", "10%\r20%\r30%\n", "30%"],
    ["a progress bar that waits for its next step", "10%\r20%\r", "20%"],
    ["Windows line ends", "a\r\n", "a"],
    ["a bar drawn over before the line ends", "10%\r\r\r\n", "10%"],
  ])("shows the last segment of %s", (_, text, shown) => expect(texts(bufferOf(text))).toEqual([shown]));

  it("keeps the colours that a bar set before it was drawn over", () => {
    expect(bufferOf(`${E}[32m10%\r20%\nnext`).lines[1]?.style).toMatchObject({ fg: 2 });
  });

  it("carries colours over lines until they are reset", () => {
    const styles = bufferOf(`a\n${E}[31mb\nc${E}[0m\nd`).lines.map((line) => line.style.fg);
    expect(styles).toEqual([null, null, 1, null]);
  });

  it("clips a line of a megabyte and still counts it", () => {
    const buffer = new LineBuffer(0);
    for (let i = 0; i < 4; i++) buffer.append(bytesOf("x".repeat(256 * 1024)));
    buffer.append(bytesOf(`${E}[31m\nnext`));
    const [long, next] = buffer.lines;
    expect(long).toMatchObject({ clipped: true, bytes: 1024 * 1024 + 6 });
    expect(long?.text.length).toBe(MAX_LINE_CHARS);
    expect(next?.style).toMatchObject({ fg: 1 });
  });

  it("does not clip in the middle of a character or of a colour code", () => {
    const emoji = bufferOf(`${"x".repeat(MAX_LINE_CHARS - 1)}😀y\n`).lines[0];
    expect(emoji?.text.endsWith("x")).toBe(true);
    const coloured = bufferOf(`${"x".repeat(MAX_LINE_CHARS - 3)}${E}[31mred\n`).lines[0];
    expect(coloured).toMatchObject({ text: "x".repeat(MAX_LINE_CHARS - 3), codes: `${E}[31m` });
  });

  it("shows bytes that are no UTF-8 as replacement characters", () => {
    const buffer = new LineBuffer(0);
    buffer.append(new Uint8Array([0x61, 0xff, 0xe2, 0x0a, 0x62]));
    expect(texts(buffer)).toEqual(["a\ufffd\ufffd", "b"]);
  });
});

describe("from and prepend", () => {
  const whole = (text: string, from: number) => LineBuffer.from(bytesOf(text).subarray(from), from, 0);

  it("leaves out the line the read cuts off, and loads it whole later", () => {
    const text = "first\nsecond\nthird\n";
    const buffer = whole(text, 8);
    expect(texts(buffer)).toEqual(["third"]);
    buffer.prepend(bytesOf(text).subarray(0, buffer.start), 0);
    expect(texts(buffer)).toEqual(["first", "second", "third"]);
    expect(buffer.lines.map((line) => line.key)).toEqual([-2, -1, 0]);
    expect(buffer.firstNumber).toBe(1);
  });

  it("does not know line numbers in the middle of a file", () =>
    expect(whole("a\nb\nc\n", 1).firstNumber).toBeNull());

  it("ends up with the same lines as reading forward, wherever it starts", () => {
    fc.assert(
      fc.property(logText, fc.nat(), fc.integer({ min: 1, max: 2000 }), (text, at, step) => {
        const bytes = bytesOf(text);
        if (bytes.length === 0) return;
        const from = at % bytes.length;
        const buffer = LineBuffer.from(bytes.subarray(from), from, 0);
        while (buffer.start > 0) {
          const begin = Math.max(0, buffer.start - step);
          buffer.prepend(bytes.subarray(begin, buffer.start), begin);
        }
        // A read smaller than a line shows the line in parts: only then may they differ.
        if (buffer.lines.some((line, index) => line.headless && index > 0)) return;
        expect(facts(buffer)).toEqual(facts(bufferOf(text)));
      }),
    );
  });

  it("shows a part of a line that is longer than the read, and says so", () => {
    const buffer = whole(`${"x".repeat(50)}\n`, 10);
    expect(buffer.lines[0]).toMatchObject({ headless: true, at: 10 });
    buffer.prepend(bytesOf("x".repeat(10)), 0);
    expect(buffer.lines.map((line) => line.headless)).toEqual([false, true]);
    expect(buffer.firstNumber).toBeNull();
  });

  it("colours lines below anew when the code stands above", () => {
    const text = `${E}[31mred\nstill\n${E}[0mplain\n`;
    const buffer = whole(text, 6);
    expect(buffer.lines[0]?.style).toBe(PLAIN);
    buffer.prepend(bytesOf(text).subarray(0, buffer.start), 0);
    expect(buffer.lines.map((line) => line.style.fg)).toEqual([null, 1, 1]);
  });

  it("takes a megabyte of empty lines", () => {
    const buffer = new LineBuffer(1024 * 1024);
    buffer.append(bytesOf("end\n"));
    buffer.prepend(new Uint8Array(1024 * 1024).fill(10), 0);
    expect(buffer.lines.length).toBeLessThanOrEqual(200_000);
    expect(buffer.start).toBe(0);
  });
});

describe("limits", () => {
  const limits = { lines: 100, bytes: 10_000 };

  it("gives up the oldest lines when new ones come", () => {
    const buffer = new LineBuffer(0, 0, limits);
    for (let i = 0; i < 500; i++) buffer.append(bytesOf(`line ${i}\n`));
    expect(buffer.lines.length).toBeLessThanOrEqual(100);
    expect(texts(buffer).at(-1)).toBe("line 499");
    expect(texts(buffer)[0]).toBe(`line ${(buffer.firstNumber ?? 0) - 1}`);
    expect(buffer.firstKey).toBe((buffer.firstNumber ?? 0) - 1);
  });

  it("gives up the newest lines when earlier ones come, and reads on from there", () => {
    const all = Array.from({ length: 200 }, (_, i) => `line ${1000 + i}\n`).join("");
    const bytes = bytesOf(all);
    const buffer = LineBuffer.from(bytes.subarray(1100), 1100, 0, { limits });
    buffer.prepend(bytes.subarray(0, buffer.start), 0);
    expect(texts(buffer)[0]).toBe("line 1000");
    expect(buffer.lines.length).toBeLessThanOrEqual(100);
    const { end } = buffer;
    expect(end).toBeLessThan(bytes.length);
    buffer.append(bytes.subarray(end, end + 10));
    expect(buffer.indexAt(end)).toBe(buffer.lines.length - 1);
    expect(texts(buffer).at(-1)).toBe(`line ${1000 + end / 10}`);
  });

  it("counts bytes as well as lines, and always keeps one line", () => {
    const buffer = new LineBuffer(0, 0, limits);
    for (let i = 0; i < 20; i++) buffer.append(bytesOf(`${"x".repeat(2000)}\n`));
    expect(buffer.lines.length).toBeLessThan(6);
    buffer.append(bytesOf("y".repeat(50_000)));
    expect(buffer.lines.length).toBe(1);
  });

  it("says when there is room", () => {
    const buffer = new LineBuffer(0, 0, limits);
    expect(buffer.hasRoom).toBe(true);
    buffer.append(bytesOf("x\n".repeat(98)));
    expect(buffer.hasRoom).toBe(false);
  });
});
