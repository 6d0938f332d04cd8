import { writeFileSync, writeSync } from "node:fs";

/**
 * numbered-lines.mjs COUNT LINES_PER_WRITE TIME_FILE: lines of 100 bytes, the number first, as fast as standard output takes
 * them; then the milliseconds that took, in TIME_FILE.
 */

const [count, perWrite, timeFile = ""] = process.argv.slice(2);
const REST = `${" a line as a scraper writes it, with a product, a price and a place ".padEnd(89, ".")}\n`;
const began = performance.now();
let pending = "";
for (let number = 1; number <= Number(count); number += 1) {
  pending += String(number).padStart(10, "0") + REST;
  if (number % Number(perWrite) !== 0 && number !== Number(count)) continue;
  writeAll(Buffer.from(pending, "latin1"));
  pending = "";
}
writeFileSync(timeFile, String(performance.now() - began));

/** @param {Buffer} bytes */
function writeAll(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}
