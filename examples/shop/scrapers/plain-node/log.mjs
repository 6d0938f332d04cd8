import process from "node:process";

/**
 * One whole line per write: a log that is cut off anywhere still ends at a line.
 * @param {string} text
 */
export function say(text) {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

/** @param {string} text */
export function warn(text) {
  process.stderr.write(`${new Date().toISOString()} warning: ${text}\n`);
}
