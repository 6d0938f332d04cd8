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
import {
  check,
  clock,
  dataFolder,
  disk,
  init,
  launcher,
  node,
  permissions,
  systemd,
} from "../../lib/domain/doctor-checks.mjs";
import { holderOf } from "../where.mjs";

/**
 * What can be seen of an installation without its dashboard, judged as the dashboard would. The database and the socket are looked at from
 * outside, which it cannot do itself.
 * @param {string | null} dataDir null: it is on another machine
 * @returns {import("../../lib/domain/doctor").Check[]}
 */
export function localChecks(dataDir) {
  const always = [
    node({ nodeVersion: process.versions.node, brought: servicePid() !== process.pid }),
    clock({ clock: { now: Date.now(), synchronised: null }, database: { newestAt: null } }),
    init({ init: { isFirstProcess: null, name: textOf("/proc/1/comm") }, onShutdown: { why: null } }),
  ];
  if (dataDir === null) return always;
  if (!existsSync(dataDir)) return [...always, dataFolder({ dataFolder: { path: dataDir, isThere: false } })];
  const { mode, uid } = statSync(dataDir);
  return [
    ...always,
    dataFolder({
      dataFolder: { path: dataDir, refusedTo: isUsable(dataDir) ? null : (process.getuid?.() ?? 0) },
    }),
    permissions({ user: null, dataFolder: { path: dataDir, owner: uid, mode } }),
    database(join(dataDir, "unstuck.db")),
    launcher({ launcher: launcherIn(join(dataDir, "_launchers")), isUp: false }),
    disk(spaceOf(dataDir), USUAL_LIMITS.refusePercent),
    socket(dataDir),
    systemd({ systemd: unitOf(), onShutdown: { policy: "leave" }, isUp: false }),
  ];
}

/** @param {string} folder */
function isUsable(folder) {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file */
function database(file) {
  /** @type {(status: import("../../lib/domain/doctor").CheckStatus, found: string, fix?: string) => ReturnType<typeof check>} */
  const told = (status, found, fix) => check("database", "Database", status, found, fix);
  if (!existsSync(file))
    return told("warn", `${file} is not there yet`, "Start the dashboard, which makes it.");
  const head = headOf(file);
  if (head === null) return told("fail", `${file} cannot be read`, "Use sudo -u with the dashboard's user.");
  if (head.startsWith("SQLite format 3")) return told("ok", `${file}, ${statSync(file).size} bytes`);
  return told("fail", `${file} is no SQLite database`, "Restore it from a backup (docs/deploy.md).");
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

/** @param {string} folder */
function launcherIn(folder) {
  const name = namesIn(folder).find((each) => /^launcher-[0-9a-f]{16}\.sh$/.test(each));
  return { folder, shell: existsSync("/bin/sh"), usable: name === undefined ? null : join(folder, name) };
}

/** In percent; what the dashboard was told instead is not known without it. */
const USUAL_LIMITS = { warnPercent: 10, refusePercent: 2 };

/**
 * @param {string} folder
 * @returns {NonNullable<Parameters<typeof disk>[0]>}
 */
function spaceOf(folder) {
  const { blocks, bfree, bavail, bsize } = statfsSync(folder);
  const percent = (bavail / Math.max(1, blocks - bfree + bavail)) * 100;
  const { warnPercent, refusePercent } = USUAL_LIMITS;
  return {
    what: "disk space",
    percent,
    freeBytes: bavail * bsize,
    state: percent < refusePercent ? "full" : percent < warnPercent ? "low" : "ok",
  };
}

/** @param {string} dataDir */
function socket(dataDir) {
  const path = join(dataDir, "unstuck.sock");
  if (existsSync(path)) return check("socket", "Socket", "ok", path);
  const holder = holderOf(dataDir);
  return check(
    "socket",
    "Socket",
    holder === null ? "unknown" : "warn",
    `${path} is not there${holder === null ? "" : `, though pid ${holder.pid} uses the folder`}`,
    "It is there while the dashboard runs; its log has more (socket.unavailable).",
  );
}

const UNIT_FOLDERS = ["/etc/systemd/system", "/run/systemd/system", "/lib/systemd/system"];

/** Which unit is ours can only be told by what it starts. */
function unitOf() {
  const units = UNIT_FOLDERS.flatMap((at) =>
    namesIn(at)
      .filter((name) => name.endsWith(".service"))
      .map((name) => join(at, name)),
  );
  const ours = units.find((file) => /^ExecStart=.*scripts\/start\.mjs/m.test(textOf(file) ?? ""));
  if (ours === undefined) return { unit: null, killMode: null };
  const modes = [...(textOf(ours) ?? "").matchAll(/^\s*KillMode\s*=\s*(\S+)/gm)];
  return { unit: ours, killMode: modes.at(-1)?.[1] ?? "control-group" };
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
