import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_LINE_BYTES, type ScanState, scanLines } from "./line-scanner";

const fresh = (): ScanState => ({ carry: Buffer.alloc(0), skipping: false });
const report = (extracted: number) => ({ type: "progress", report: { extracted } });
const line = (extracted: number) => `::unstuck progress extracted=${extracted}\n`;

function scanned(chunks: readonly (string | Buffer)[], state = fresh()) {
  return chunks.flatMap((chunk, index) => scanLines(state, Buffer.from(chunk), index === chunks.length - 1));
}

test("a line split anywhere between two reads is one line", () => {
  const text = `hello\r\n${line(7)}bye\n`;
  for (let at = 0; at <= text.length; at += 1)
    expect(scanned([text.slice(0, at), text.slice(at)]), `split at ${at}`).toEqual([report(7)]);
});

test("a line counts once its end is written, and without it when nothing more comes", () => {
  const state = fresh();
  expect(scanLines(state, Buffer.from("::unstuck progress extracted=1"), false)).toEqual([]);
  expect(scanLines(state, Buffer.from("2\n::unstuck heart"), false)).toEqual([report(12)]);
  expect(scanLines(state, Buffer.from("beat"), true)).toEqual([{ type: "heartbeat" }]);
});

test("noise before, between and after, binary or endless, hides no line and makes none", () => {
  const noise = Buffer.from([0, 255, 254, 13, 27, 91, 10]);
  const endless = Buffer.alloc(3 * MAX_LINE_BYTES, "::unstuck heartbeat ");
  const text = [noise, line(1), endless, `\n${line(2)}`, noise, line(3), "x::unstuck heartbeat\n"];
  expect(scanned(text)).toEqual([report(1), report(2), report(3)]);
});

test("what begins in the middle of a line is passed over until the next one", () => {
  expect(scanned([line(1), line(2)], { carry: Buffer.alloc(0), skipping: true })).toEqual([report(2)]);
  expect(scanned(["no newline", " yet", `\n${line(3)}`], { carry: Buffer.alloc(0), skipping: true })).toEqual(
    [report(3)],
  );
});

test("FR-F14 a line below a progress bar counts, however long the bar has been drawn over and over", () => {
  const bar = Array.from({ length: 400 }, (_, at) => `\r ${at}/400 |####      |`).join("");
  expect(scanned([bar, `\r                    \r${line(4)}`, bar, "\r", line(5)])).toEqual([
    report(4),
    report(5),
  ]);
});

test("FR-F14 a line that a bar is drawn over counts as soon as the carriage return is written", () => {
  const state = fresh();
  expect(scanLines(state, Buffer.from("::unstuck progress extracted=1\r"), false)).toEqual([report(1)]);
  expect(scanLines(state, Buffer.from(" 40% \r::unstuck heart"), false)).toEqual([]);
  expect(scanLines(state, Buffer.from("beat\r\n"), false)).toEqual([{ type: "heartbeat" }]);
});

test("the rest of a line too long to be carried is no line of its own", () => {
  const state = fresh();
  scanLines(state, Buffer.alloc(MAX_LINE_BYTES + 1, "x"), false);
  expect(scanLines(state, Buffer.from("::unstuck heartbeat\n"), false)).toEqual([]);
});

test("what is carried from read to read is bounded", () => {
  const state = fresh();
  for (let read = 0; read < 50; read += 1) scanLines(state, Buffer.alloc(1_000, "x"), false);
  expect(state.carry.length).toBeLessThanOrEqual(MAX_LINE_BYTES);
  expect(scanLines(state, Buffer.from(`\n${line(1)}`), false)).toEqual([report(1)]);
});

test("however a log is cut into reads, the same is found", () => {
  const piece = fc.oneof(
    fc.nat({ max: 99 }).map(line),
    fc.constantFrom(
      "\n",
      "::unstuck",
      " progress ",
      "\r\n",
      "\r",
      "\u001b[31m::unstuck heartbeat\n",
      "é🦀\n",
      "::unstuck heartbeat",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.nat({ max: 400 }), { maxLength: 10 }),
      (pieces, cuts) => {
        const data = Buffer.from(pieces.join(""));
        const at = [...cuts.map((cut) => Math.min(cut, data.length)), data.length].sort((a, b) => a - b);
        const chunks = at.map((end, index) => data.subarray(at[index - 1] ?? 0, end));
        expect(scanned(chunks)).toEqual(scanned([data]));
      },
    ),
  );
});
