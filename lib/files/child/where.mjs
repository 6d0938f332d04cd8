import { lstatSync, readlinkSync } from "node:fs";

/** Where this process is about to go, so that its parent knows what hangs when it does not come back. */

const MOST_LINKS = 40;

/** Mount points of this host, and those among them that are known to hang. */
let mounts = new Set(["/"]);
let hung = new Set();
let current = "/";
/** @type {(mount: string) => void} */
let tell = () => {};

export class Hung extends Error {
  /** @param {string} mount */
  constructor(mount) {
    super(`${mount} hangs`);
    this.hangsAt = mount;
  }
}

/** @param {(mount: string) => void} how */
export function onEntering(how) {
  tell = how;
}

/** @param {{ mounts?: readonly string[], hung: readonly string[] }} known `mounts` only when they have changed */
export function know(known) {
  if (known.mounts !== undefined) mounts = new Set(["/", ...known.mounts]);
  hung = new Set(known.hung);
  current = "/";
}

/**
 * Says which mount it enters before it does. That it comes back to the root is not worth a word: where that hangs, all does.
 * @param {string} path a real one
 * @param {string} mount that of its parent
 * @returns {string} its own
 */
export function touch(path, mount) {
  if (!mounts.has(path)) return mount;
  if (hung.has(path)) throw new Hung(path);
  if (path !== current) {
    current = path;
    tell(path);
  }
  return path;
}

/** @param {string} folder @param {string} name */
export function below(folder, name) {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** @param {string} path */
function mountOf(path) {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) if (mounts.has(at)) return at;
  return "/";
}

/**
 * Follows links step by step, so that it is known which mount each of them leads to.
 * @param {string} path absolute
 * @param {boolean} last whether a link at the end is followed, too
 * @returns {[path: string, mount: string]} the real path as far as there is one
 */
export function real(path, last) {
  const left = path.split("/").filter(Boolean);
  let done = "/";
  let mount = "/";
  for (let links = 0; ; ) {
    const name = left.shift();
    if (name === undefined) return [done, mount];
    if (name === "." || name === "..") {
      if (name === "..") done = done.slice(0, done.lastIndexOf("/")) || "/";
      mount = mountOf(done);
      continue;
    }
    const next = below(done, name);
    mount = touch(next, mount);
    if (left.length === 0 && !last) return [next, mount];
    const entry = lstatSync(next, { throwIfNoEntry: false });
    if (entry === undefined) return [[next, ...left].join("/"), mount];
    if (!entry.isSymbolicLink()) {
      done = next;
      continue;
    }
    links += 1;
    // What stands in /proc/PID/root is no path of ours; the kernel alone can follow it.
    if (links > MOST_LINKS || next.startsWith("/proc/")) return [[next, ...left].join("/"), mount];
    const target = readlinkSync(next);
    if (target.startsWith("/")) done = "/";
    mount = mountOf(done);
    left.unshift(...target.split("/").filter(Boolean));
  }
}
