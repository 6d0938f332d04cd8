import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";

/**
 * A reader, and a crash at any moment, sees the old text or the new one, never a part.
 * @param {string} path
 * @param {string} text
 * @param {{ durable: boolean }} options durable: the text is on the disk before it takes the name
 */
export function writeAtomically(path, text, { durable }) {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, "w");
  try {
    writeFileSync(file, text);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
