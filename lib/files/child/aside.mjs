import { mkdirSync, opendirSync, renameSync, rmdirSync } from "node:fs";
import { entryAt, isSetAside, unless } from "./reads.mjs";
import { below, real } from "./where.mjs";

/**
 * For a folder that cannot be renamed itself, as a mount point cannot: what is in it is moved into a folder below it, entry by entry, each
 * move whole or not at all. Until the last one that folder's name ends in `.part`, so a move that was cut off can be told.
 */

const PART = ".part";
/** As many as a fresh start moves by hand, and what earlier ones have left there. */
const MOST_LOOKED_AT = 25_000;

/** @param {string} folder @param {string} name @param {number} max */
export function setAside(folder, name, max) {
  const [at] = real(folder, false);
  const part = below(at, name + PART);
  // An earlier fresh start that was cut off: this one wants the same, so that is finished.
  for (const other of partsIn(at)) if (below(at, other) !== part) finish(at, other);
  unless(["EEXIST"], () => mkdirSync(part));
  const names = firstOf(at, max + 1, (entry) => !isSetAside(entry));
  for (const entry of names.slice(0, max)) renameSync(below(at, entry), below(part, entry));
  if (names.length > max) return false;
  finish(at, name + PART);
  return true;
}

/** @param {string} folder @param {number} max */
export function putBack(folder, max) {
  const [at] = real(folder, false);
  for (const name of partsIn(at)) {
    const part = below(at, name);
    const names = firstOf(part, max + 1, () => true);
    // Something else is in its place by now: what is left stays set aside.
    if (names.some((entry) => entryAt(below(at, entry)) !== null)) finish(at, name);
    else {
      for (const entry of names.slice(0, max)) renameSync(below(part, entry), below(at, entry));
      if (names.length > max) return false;
      rmdirSync(part);
    }
  }
  return true;
}

/** @param {string} folder */
export function hasPart(folder) {
  const [at] = real(folder, false);
  return partsIn(at).length > 0;
}

/** None where it is no folder, or not ours to look into: then nothing was set aside there. @param {string} at */
function partsIn(at) {
  if (entryAt(at)?.kind !== "folder") return [];
  const isPart = (/** @type {string} */ name) => isSetAside(name) && name.endsWith(PART);
  return unless(["EACCES", "EPERM"], () => firstOf(at, Number.POSITIVE_INFINITY, isPart)) ?? [];
}

/** @param {string} at @param {string} part */
function finish(at, part) {
  renameSync(below(at, part), below(at, part.slice(0, -PART.length)));
}

/** @param {string} at @param {number} max @param {(name: string) => boolean} isWanted */
function firstOf(at, max, isWanted) {
  /** @type {string[]} */
  const names = [];
  const folder = opendirSync(at);
  try {
    let looked = 0;
    for (let entry = folder.readSync(); entry !== null && names.length < max; entry = folder.readSync()) {
      if (isWanted(entry.name)) names.push(entry.name);
      looked += 1;
      // A folder of more has not been set aside by us.
      if (looked > MOST_LOOKED_AT) break;
    }
    return names;
  } finally {
    folder.closeSync();
  }
}
