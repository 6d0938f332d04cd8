import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../programs/numbered-lines.mjs", import.meta.url));
export const LINE_BYTES = 100;

/**
 * The command that writes `lines` numbered lines and then the milliseconds that took.
 * @param {number} lines
 * @param {number} perWrite
 * @param {string} timeFile
 */
export function numberedLines(lines, perWrite, timeFile) {
  return [process.execPath, PROGRAM, String(lines), String(perWrite), timeFile];
}
