import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statfsSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { servicePid } from "../../bootstrap/parent.mjs";
import { holderOf } from "../where.mjs";

/**
 * What can be seen of an installation without its dashboard.
 *
 * @typedef {import("../../lib/contracts/doctor").DoctorAnswer["checks"][number]} Check
 */

/**
 * @param {string | null} dataDir null: it is on another machine
 * @returns {Check[]}
 */
export function localChecks(dataDir) {
  const always = [node(), clock(), init()];
  if (dataDir === null) return always;
  if (!existsSync(dataDir)) return [...always, noFolder(dataDir)];
  return [
    ...always,
    folder(dataDir),
    permissions(dataDir),
    database(dataDir),
    launcher(dataDir),
    disk(dataDir),
    socket(dataDir),
    systemd(),
  ];
}

/**
 * @param {string} id
 * @param {string} title
 * @param {Check["status"]} status
 * @param {string} found
 * @param {string | null} [fix]
 * @returns {Check}
 */
export function check(id, title, status, found, fix = null) {
  return { id, title, status, found, fix };
}

function node() {
  // Under any other Node this program was handed over to one that is supported.
  const parent =
    servicePid() === process.pid ? "" : ", brought by Unstuck, because the one called is not supported";
  return check("node", "Node", "ok", `version ${process.versions.node}${parent}`);
}

/** Before this was written no clock is right. */
const WRITTEN_AT = Date.UTC(2026, 0);

function clock() {
  const now = Date.now();
  const found = new Date(now).toISOString();
  if (now >= WRITTEN_AT) return check("clock", "Clock", "ok", found);
  return check("clock", "Clock", "fail", found, "Set the clock right: timedatectl set-ntp true");
}

function init() {
  const name = textOf("/proc/1/comm");
  if (name !== "node") return check("init", "Init", "ok", `pid 1 is ${name ?? "not visible"}`);
  return check(
    "init",
    "Init",
    "warn",
    "pid 1 is Node, which does not reap orphans",
    "docker run --init, or tini as the entry point.",
  );
}

/** @param {string} dataDir */
function noFolder(dataDir) {
  return check(
    "data-folder",
    "Data folder",
    "fail",
    `${dataDir} is not there`,
    "Start the dashboard, which makes it, or say where it is with --data.",
  );
}

/** @param {string} dataDir */
function folder(dataDir) {
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
function permissions(dataDir) {
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
function database(dataDir) {
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
function launcher(dataDir) {
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
function disk(dataDir) {
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
function socket(dataDir) {
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

const UNIT_FOLDERS = ["/etc/systemd/system", "/run/systemd/system", "/lib/systemd/system"];

/** Which unit is ours can only be told by what it starts. */
function systemd() {
  const units = UNIT_FOLDERS.flatMap((at) =>
    namesIn(at)
      .filter((name) => name.endsWith(".service"))
      .map((name) => join(at, name)),
  );
  const ours = units.find((file) => /^ExecStart=.*scripts\/start\.mjs/m.test(textOf(file) ?? ""));
  if (ours === undefined) return check("systemd", "systemd", "ok", "no unit starts a dashboard");
  const mode =
    [...(textOf(ours) ?? "").matchAll(/^\s*KillMode\s*=\s*(\S+)/gm)].at(-1)?.[1] ?? "control-group";
  const found = `${ours} has KillMode=${mode}`;
  if (["process", "none"].includes(mode)) return check("systemd", "systemd", "ok", found);
  return check(
    "systemd",
    "systemd",
    "warn",
    `${found}: a restart of the service ends every run`,
    "KillMode=process (docs/deploy.md), then systemctl daemon-reload.",
  );
}

/** @param {string} at */
function namesIn(at) {
  try {
    return readdirSync(at);
  } catch {
    return [];
  }
}

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
