import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { unless } from "./reads.mjs";

/** As child-process.ts reads them. */
const NO_SUCH_USER = 70;
const NOT_ALLOWED = 71;

/**
 * Gives up the dashboard's rights for those of another user, for good. What this process opens from here on, that user could have opened.
 * @param {string} name
 */
export function become(name) {
  if (isAlready(name)) return;
  try {
    process.seteuid?.(name);
    // By the number it has now: a name that shares it with another would be known by that one everywhere.
    const { username, uid, gid } = userInfo();
    process.seteuid?.(0);
    if (username !== name) process.exit(NO_SUCH_USER);
    /** @type {any} */ (process).initgroups(name, gid);
    process.setgid?.(gid);
    process.setuid?.(uid);
    if (hasCapabilities()) process.exit(NOT_ALLOWED);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    process.exit(code === "ERR_UNKNOWN_CREDENTIAL" || code === "ENOENT" ? NO_SUCH_USER : NOT_ALLOWED);
  }
}

/** Under securebits of a service manager (no-setuid-fixup) they outlast the change of user, and with them all rights to files. */
function hasCapabilities() {
  const status = unless(["ENOENT"], () => readFileSync("/proc/self/status", "latin1")) ?? "";
  return /^Cap(Prm|Eff):\t0*[1-9a-f]/m.test(status);
}

export function account() {
  const { username, uid, gid, homedir, shell } = userInfo();
  return { name: username, uid, gid, home: homedir, shell: shell === "" ? null : shell };
}

/** @param {string} name */
function isAlready(name) {
  try {
    return userInfo().username === name;
  } catch {
    // Its own number has no name here, as in containers.
    return false;
  }
}
