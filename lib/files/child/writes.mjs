import {
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { codeOf, entryAt, isEnough, look, unless } from "./reads.mjs";
import { below, real, touch } from "./where.mjs";

/** @param {readonly (readonly [string, string])[]} pairs */
export function rename(pairs) {
  for (const [from, to] of pairs) {
    const [at] = real(from, false);
    const [target] = real(to, false);
    if (entryAt(at) !== null) renameSync(at, target);
  }
}

/** @param {string} path @param {string} beside @param {string} text @param {number} mode */
export function replace(path, beside, text, mode) {
  const [target] = real(path, false);
  const [at] = real(beside, false);
  const file = openNew(at, mode);
  try {
    writeSync(file, text);
    // Whatever the umask is: other programs are to read it.
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
  renameSync(at, target);
}

/** @param {string} at a real path @param {number} mode */
function openNew(at, mode) {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  try {
    return openSync(at, flags, mode);
  } catch (error) {
    // Left by a dashboard that died in between; there is never more than one.
    if (codeOf(error) !== "EEXIST") throw error;
    unlinkSync(at);
    return openSync(at, flags, mode);
  }
}

/** @param {string} path @param {string} text one byte each character @param {number} size */
export function unlinkIf(path, text, size) {
  const found = look(path, text.length);
  // Of an empty text no byte is read.
  const start = Buffer.from(found?.bytes ?? []).toString("latin1");
  if (found?.kind !== "file" || found.size !== size || start !== text || (text === "" && size > 0))
    return false;
  const [at] = real(path, false);
  return unless(["ENOENT"], () => unlinkSync(at)) !== null;
}

/** @param {string} path @param {number} max entries */
export function remove(path, max) {
  const [top, itsMount] = real(path, false);
  let left = max;
  return empty(top, itsMount);

  /** @param {string} at @param {string} mount @returns {boolean} whether it is gone */
  function empty(at, mount) {
    const kind = entryAt(at)?.kind;
    if (kind === undefined) return true;
    if (left <= 0 || isEnough()) return false;
    left -= 1;
    if (kind !== "folder") {
      unless(["ENOENT"], () => unlinkSync(at));
      return true;
    }
    for (const name of readdirSync(at)) {
      const its = below(at, name);
      if (!empty(its, touch(its, mount))) return false;
    }
    unless(["ENOENT"], () => rmdirSync(at));
    return true;
  }
}

/** @param {string} path */
export function makeFolder(path) {
  const [at] = real(path, false);
  mkdirSync(at, { recursive: true, mode: 0o700 });
}
