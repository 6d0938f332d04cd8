import { chmodSync, lstatSync, opendirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { isEnough, unless } from "./reads.mjs";
import { real, touch } from "./where.mjs";

/** Below what the kernel takes as one path (4096), with room for one more name. */
const LONGEST_PATH = 3_500;
const SLASH = Buffer.from("/");
let moved = 0;

/**
 * Empties a folder of this process's own user, whatever a program has left there on purpose: folders closed to their own owner, so deep that no path
 * reaches their end, or with names that are no text. Links are removed, not followed.
 * @param {string} path
 * @param {number} max entries
 * @returns {boolean} whether nothing is left
 */
export function clear(path, max) {
  const [top, topMount] = real(path, false);
  let left = max;
  return emptied(Buffer.from(top), topMount);

  /** @param {Buffer} folder @param {string} mount @returns {boolean} */
  function emptied(folder, mount) {
    const entry = lstatSync(folder, { throwIfNoEntry: false });
    if (entry?.isDirectory() !== true) return true;
    if ((entry.mode & 0o700) !== 0o700) chmodSync(folder, 0o700);
    for (const name of first(folder, left + 1)) {
      if (left <= 0 || isEnough()) return false;
      left -= 1;
      const its = Buffer.concat([folder, SLASH, name]);
      if (its.length > LONGEST_PATH) {
        moved += 1;
        renameSync(its, `${top}/.deep-${process.pid}-${moved}`);
        // It is removed with the next go.
        left = 0;
      } else if (!isRemoved(its)) {
        if (!emptied(its, touch(its.toString(), mount))) return false;
        unless(["ENOENT"], () => rmdirSync(its));
      }
    }
    return left > 0;
  }
}

/** @param {Buffer} path @returns {boolean} false: it is a folder */
function isRemoved(path) {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  unless(["ENOENT"], () => unlinkSync(path));
  return true;
}

/** Not all at once: there may be millions. @param {Buffer} folder @param {number} max */
function first(folder, max) {
  /** @type {Buffer[]} */
  const names = [];
  const encoding = /** @type {any} */ ("buffer");
  const opened = unless(["ENOENT"], () => opendirSync(folder, { encoding }));
  if (opened === null) return names;
  try {
    while (names.length < max) {
      const entry = opened.readSync();
      if (entry === null) break;
      names.push(/** @type {any} */ (entry.name));
    }
    return names;
  } finally {
    opened.closeSync();
  }
}
