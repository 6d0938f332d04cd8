import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * A file of JSON lines that holds each key once, whatever was killed and started again in between.
 * @param {string} path
 * @param {{ key: string, startOver: boolean }} options startOver: an older file is kept under another name
 */
export function openLedger(path, { key, startOver }) {
  mkdirSync(dirname(path), { recursive: true });
  if (startOver) keepOld(path);
  const known = readKnown(path, key);
  return {
    count: () => known.size,
    /** @param {string} value */
    has: (value) => known.has(value),
    /** @param {Readonly<Record<string, unknown>>} entry */
    add(entry) {
      const value = String(entry[key]);
      if (known.has(value)) return;
      appendFileSync(path, `${JSON.stringify(entry)}\n`);
      known.add(value);
    },
  };
}

/**
 * @param {string} path
 * @param {string} key
 */
function readKnown(path, key) {
  if (!existsSync(path)) return new Set();
  const bytes = readFileSync(path);
  // A kill can leave half a line; its page was not marked as handled yet and comes again.
  const whole = bytes.lastIndexOf("\n") + 1;
  if (whole < bytes.length) truncateSync(path, whole);
  const lines = bytes.toString("utf8", 0, whole).split("\n").filter(Boolean);
  return new Set(lines.map((line) => String(JSON.parse(line)[key])));
}

/** @param {string} path */
function keepOld(path) {
  if (!existsSync(path)) return;
  const stamp = statSync(path).mtime.toISOString().replaceAll(":", "-");
  renameSync(path, path.replace(/\.jsonl$/, `-${stamp}.jsonl`));
}
