import { lstatSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { below, real } from "./where.mjs";

const OTHERS_MAY_WRITE = 0o022;
const MOST_LINKS = 40;

/**
 * The real path of a file, if no user but root and this process's own could make any step of it lead elsewhere: neither by writing to a folder on the
 * way, nor as the owner of a link.
 * @param {string} path absolute
 * @returns {string | null} null: another could, or nothing is there
 */
export function guarded(path) {
  // Throws where the way leads to a mount that hangs.
  real(path, true);
  const left = path.split("/").filter(Boolean);
  let done = "/";
  for (let links = 0; links <= MOST_LINKS; ) {
    const name = left.shift();
    if (name === undefined) return done;
    if (name === "." || name === "..") {
      if (name === "..") done = dirname(done);
      continue;
    }
    const folder = lstatSync(done);
    if (!isOurs(folder) || (folder.mode & OTHERS_MAY_WRITE) !== 0) return null;
    const next = below(done, name);
    const entry = lstatSync(next, { throwIfNoEntry: false });
    if (entry === undefined || (entry.isSymbolicLink() && !isOurs(entry))) return null;
    if (!entry.isSymbolicLink()) {
      done = next;
      continue;
    }
    links += 1;
    const target = readlinkSync(next);
    if (target.startsWith("/")) done = "/";
    left.unshift(...target.split("/").filter(Boolean));
  }
  return null;
}

/** @param {{ uid: number }} entry */
function isOurs({ uid }) {
  return uid === 0 || uid === process.geteuid?.();
}
