import { existsSync } from "node:fs";
import { join } from "node:path";
import { servicePid } from "../../bootstrap/parent.mjs";
import { check, namesIn, textOf } from "./check.mjs";
import { database, disk, folder, launcher, noFolder, permissions, socket } from "./folder-checks.mjs";

/**
 * What can be seen of an installation without its dashboard.
 */

/**
 * @param {string | null} dataDir null: it is on another machine
 * @returns {import("./check.mjs").Check[]}
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
