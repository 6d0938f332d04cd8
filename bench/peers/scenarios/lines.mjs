import { createReadStream, existsSync, readFileSync } from "node:fs";

/** @typedef {{ whole: number, torn: number }} Found different lines; `torn`: whole only once the daemon's prefix is taken out */

const MARKS = /#(\d{9})#/g;
/** So much of a chunk's end may be the beginning of a mark. */
const CARRY = 10;
const CHUNK = 8_000_000;

/** How a numbered line begins. @param {number} number */
export function mark(number) {
  return `#${String(number).padStart(9, "0")}#`;
}

/** @param {string} text */
export function linesIn(text) {
  return text.match(MARKS)?.length ?? 0;
}

/** Counts different lines. */
class Seen {
  whole = 0;

  /** @param {number} total */
  constructor(total) {
    this.numbers = new Uint8Array(total);
  }

  /** @param {string} text */
  read(text) {
    for (const [, digits] of text.matchAll(MARKS)) {
      const number = Number(digits);
      if (this.numbers[number] !== 0) continue;
      this.numbers[number] = 1;
      this.whole += 1;
    }
  }
}

/**
 * @param {readonly import("../adapters/adapter.mjs").LogPart[]} parts
 * @param {number} total
 * @returns {Promise<Found>}
 */
export async function countLines(parts, total) {
  const seen = new Seen(total);
  let torn = 0;
  for (const { path, strip } of parts) {
    if (!existsSync(path)) continue;
    if (strip === undefined) await readStream(path, seen);
    else torn += readStripped(path, strip, seen);
  }
  return { whole: seen.whole, torn };
}

/**
 * @param {Buffer | null} log
 * @param {number} total
 * @returns {Found}
 */
export function countLinesOf(log, total) {
  const seen = new Seen(total);
  for (let at = 0; log !== null && at < log.length; at += CHUNK)
    seen.read(log.subarray(at, at + CHUNK + CARRY).toString("latin1"));
  return { whole: seen.whole, torn: 0 };
}

/**
 * @param {string} path
 * @param {Seen} seen
 */
async function readStream(path, seen) {
  let carry = "";
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20, encoding: "latin1" })) {
    const text = carry + chunk;
    seen.read(text);
    carry = text.slice(-CARRY);
  }
}

/**
 * @param {string} path
 * @param {RegExp} strip
 * @param {Seen} seen
 */
function readStripped(path, strip, seen) {
  const text = readFileSync(path, "latin1");
  seen.read(text);
  const before = seen.whole;
  seen.read(text.replace(strip, ""));
  return seen.whole - before;
}
