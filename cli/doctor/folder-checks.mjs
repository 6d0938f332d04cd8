import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  statfsSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { holderOf } from "../where.mjs";
import { check, namesIn } from "./check.mjs";

/** What can be seen of a data folder without its dashboard. */

/** @param {string} dataDir */
export function noFolder(dataDir) {
  return check(
    "data-folder",
    "Data folder",
    "fail",
    `${dataDir} is not there`,
    "Start the dashboard, which makes it, or say where it is with --data.",
  );
}

/** @param {string} dataDir */
export function folder(dataDir) {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return check("data-folder", "Data folder", "ok", dataDir);
  } catch {
    return check(
      "data-folder",
      "Data folder",
      "fail",
      `${dataDir} may not be used by user ${process.getuid?.()}`,
      "Use sudo -u with the dashboard's user.",
    );
  }
}

/** @param {string} dataDir */
export function permissions(dataDir) {
  const { mode, uid } = statSync(dataDir);
  const found = `mode ${(mode & 0o777).toString(8).padStart(4, "0")}, owned by user ${uid}`;
  if ((mode & 0o002) !== 0)
    return check(
      "permissions",
      "Permissions",
      "fail",
      `${found}: everybody may write to it`,
      `chmod o-rwx ${dataDir}`,
    );
  if ((mode & 0o004) !== 0)
    return check(
      "permissions",
      "Permissions",
      "warn",
      `${found}: everybody may read it, the jobs' env too`,
      `chmod o-rwx ${dataDir}`,
    );
  return check("permissions", "Permissions", "ok", found);
}

/** @param {string} dataDir */
export function database(dataDir) {
  const file = join(dataDir, "unstuck.db");
  if (!existsSync(file))
    return check(
      "database",
      "Database",
      "warn",
      `${file} is not there yet`,
      "Start the dashboard, which makes it.",
    );
  const head = headOf(file);
  if (head === null)
    return check(
      "database",
      "Database",
      "fail",
      `${file} cannot be read`,
      "Use sudo -u with the dashboard's user.",
    );
  if (head.startsWith("SQLite format 3"))
    return check("database", "Database", "ok", `${file}, ${statSync(file).size} bytes`);
  return check(
    "database",
    "Database",
    "fail",
    `${file} is no SQLite database`,
    "Restore it from a backup (docs/deploy.md).",
  );
}

/** @param {string} file */
function headOf(file) {
  try {
    const descriptor = openSync(file, "r");
    const bytes = Buffer.alloc(16);
    readSync(descriptor, bytes, 0, 16, 0);
    closeSync(descriptor);
    return bytes.toString("latin1");
  } catch {
    return null;
  }
}

/** @param {string} dataDir */
export function launcher(dataDir) {
  if (!existsSync("/bin/sh"))
    return check("launcher", "Launcher", "fail", "there is no /bin/sh", "Install a POSIX shell as /bin/sh.");
  const name = namesIn(join(dataDir, "shims")).find((each) => /^launcher-[0-9a-f]{16}\.sh$/.test(each));
  if (name !== undefined) return check("launcher", "Launcher", "ok", join(dataDir, "shims", name));
  return check(
    "launcher",
    "Launcher",
    "warn",
    "it was not written yet",
    "Start the dashboard, which writes it.",
  );
}

const LOW_PERCENT = 10;
const FULL_PERCENT = 2;

/** @param {string} dataDir */
export function disk(dataDir) {
  const { blocks, bfree, bavail, bsize } = statfsSync(dataDir);
  const percent = (bavail / Math.max(1, blocks - bfree + bavail)) * 100;
  const found = `${percent.toFixed(1)} % of its room free (${((bavail * bsize) / 1e9).toFixed(1)} GB)`;
  if (percent < FULL_PERCENT)
    return check(
      "disk",
      "Disk",
      "fail",
      `${found}: no run is started`,
      `Make room, at least ${FULL_PERCENT} %.`,
    );
  if (percent < LOW_PERCENT)
    return check("disk", "Disk", "warn", found, `Make room. Below ${FULL_PERCENT} % no run is started.`);
  return check("disk", "Disk", "ok", found);
}

/** @param {string} dataDir */
export function socket(dataDir) {
  const path = join(dataDir, "unstuck.sock");
  const holder = holderOf(dataDir);
  if (existsSync(path)) return check("socket", "Socket", "ok", path);
  const found =
    holder === null
      ? `${path} is not there`
      : `${path} is not there, though pid ${holder.pid} uses the folder`;
  return check(
    "socket",
    "Socket",
    holder === null ? "unknown" : "warn",
    found,
    "It is there while the dashboard runs; its log tells more (socket.unavailable).",
  );
}
