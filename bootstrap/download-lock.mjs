import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Lets one of several starts bring Node while the others wait. It only saves a download: each one goes to a folder of its own and is moved into place, so
 * two at a time (two containers that share a checkout do not see each other's processes) do no harm.
 */

const LOOK_MS = 200;

/**
 * @param {string} path of the lock; its folder must exist
 * @param {() => boolean} settled whether there is nothing left to wait for
 * @param {() => void} onWait called once, when another one has it
 * @returns {Promise<(() => void) | null>} lets go of it; null: settled meanwhile
 */
export async function takeLock(path, settled, onWait) {
  const own = `${path}.${process.pid}`;
  const mine = identity(process.pid) ?? String(process.pid);
  writeFileSync(own, mine);
  try {
    for (let waited = false; ; waited = true) {
      if (settled()) return null;
      if (linked(own, path)) return () => rmSync(path, { force: true });
      const holder = contentOf(path);
      if (holder !== null && !isAlive(holder)) takeAway(path, holder);
      else if (!waited && holder !== null) onWait();
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Of a process that is gone. Two may find it stale, and the slower one must not take away what the faster one has taken since.
 * @param {string} path
 * @param {string} stale
 */
function takeAway(path, stale) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (contentOf(aside) !== stale) linked(aside, path);
  rmSync(aside, { force: true });
}

/**
 * @param {string} from
 * @param {string} to
 */
function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path */
function contentOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** @param {string} holder */
function isAlive(holder) {
  return identity(Number(holder.split(" ")[0])) === holder;
}

/**
 * A number is given away again; with the time it began it is one process.
 * @param {number} pid
 */
export function identity(pid) {
  const stat = contentOf(`/proc/${pid}/stat`);
  return stat === null ? null : `${pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
}
