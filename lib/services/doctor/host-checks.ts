import type { Check } from "@/lib/domain/doctor";
import { check } from "./check";
import type { DoctorFacts } from "./facts";

/** What is checked of the machine, and of how the dashboard was started. */

export function node({ nodeVersion }: DoctorFacts): Check {
  return check("node", "Node", "ok", `version ${nodeVersion}`);
}

/** Writing and looking are not one moment. */
const AHEAD_MS = 60_000;

export function clock({ clock: { now, synchronised }, database: { newestAt } }: DoctorFacts): Check {
  const title = "Clock";
  const found = new Date(now).toISOString();
  if (newestAt !== null && newestAt > now + AHEAD_MS)
    return check(
      "clock",
      title,
      "fail",
      `${found}, but a run is from ${new Date(newestAt).toISOString()}: the clock was set back`,
      "Set the clock (timedatectl set-ntp true). A wrong clock ends no run, but ages are shown wrong.",
    );
  if (synchronised === false)
    return check(
      "clock",
      title,
      "warn",
      `${found}, and not kept right by the network`,
      "timedatectl set-ntp true",
    );
  return check("clock", title, "ok", synchronised === null ? found : `${found}, kept right by the network`);
}

export function socket({ socket: { path, why } }: DoctorFacts): Check {
  const title = "Socket";
  if (path !== null) return check("socket", title, "ok", path);
  return check(
    "socket",
    title,
    "warn",
    why ?? "there is none",
    "The command line uses HTTP meanwhile. Fix it and restart.",
  );
}

export function reach({ origin, beyondLoopback }: DoctorFacts): Check {
  const title = "Reach";
  if (!beyondLoopback) return check("reach", title, "ok", `${origin}, this machine only`);
  const found = `${origin} can be reached from other machines, and there are no accounts`;
  return check(
    "reach",
    title,
    "warn",
    found,
    "HOST=127.0.0.1 and a proxy that asks for a password (docs/deploy.md).",
  );
}

export function environment({ environment: { use, names, missing, notCarried } }: DoctorFacts): Check {
  const title = "Environment";
  if (notCarried.length > 0)
    return check(
      "environment",
      title,
      "warn",
      `runs should be handed ${list(notCarried)}, but the shell that launches a program cannot carry ${notCarried.length === 1 ? "that name" : "those names"}`,
      "Set the value under another name where the dashboard is started, and name that one in UNSTUCK_INHERIT.",
    );
  const gone = missing.length === 0 ? "" : `; without a value here: ${list(missing)}`;
  if (use === "recorded") {
    const found = `runs are handed ${names.length === 1 ? "one variable" : `${names.length} variables`} of the dashboard's own (${list(names)})${gone}`;
    return check(
      "environment",
      title,
      "warn",
      found,
      "See who needs them: unstuck env. Then: unstuck env --use short.",
    );
  }
  if (missing.length > 0)
    return check(
      "environment",
      title,
      "warn",
      `runs are handed the short base${gone}`,
      "Set it where the dashboard is started, or take it out of UNSTUCK_INHERIT.",
    );
  return check("environment", title, "ok", "runs are handed a short base and what UNSTUCK_INHERIT names");
}

export function crawls({ unseenCrawls }: DoctorFacts): Check {
  const title = "Crawls";
  if (unseenCrawls.length === 0) return check("crawls", title, "ok", "every Scrapy job gets its JOBDIR");
  const which = unseenCrawls.length === 1 ? "job" : "jobs";
  const found = `no Scrapy call is recognised in the command of ${which} ${list(unseenCrawls)}: no JOBDIR is added, so a stopped run starts from the beginning`;
  const fix =
    "Name scrapy itself as the command (timeout, nice, env and such may stand before it), or have the program hand UNSTUCK_CHECKPOINT to Scrapy as its JOBDIR.";
  return check("crawls", title, "warn", found, fix);
}

const LISTED_NAMES = 8;

function list(names: readonly string[]): string {
  const more = names.length - LISTED_NAMES;
  return `${names.slice(0, LISTED_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const KEEPS_RUNS = ["process", "none"];

export function systemd({ systemd: { unit, killMode }, onShutdown: { policy } }: DoctorFacts): Check {
  const title = "systemd";
  if (unit === null) return check("systemd", title, "ok", "the dashboard is not a systemd service");
  const fix = `In the unit: KillMode=process (docs/deploy.md), then systemctl daemon-reload.`;
  if (killMode === null)
    return check("systemd", title, "unknown", `the unit file of ${unit} could not be read`, fix);
  const found = `${unit} has KillMode=${killMode}`;
  if (KEEPS_RUNS.includes(killMode) || (policy === "stop" && killMode === "mixed"))
    return check("systemd", title, "ok", found);
  return check("systemd", title, "fail", `${found}: a restart of the service ends every run`, fix);
}

export function init({ init: { isFirstProcess, name }, onShutdown: { why } }: DoctorFacts): Check {
  const title = "Init";
  if (isFirstProcess)
    return check(
      "init",
      title,
      "warn",
      "the dashboard is pid 1 and does not reap orphans",
      "docker run --init, or tini as the entry point.",
    );
  return check("init", title, "ok", `pid 1 is ${name ?? "not visible"}; ${why}`);
}

export function processes({ hidesProcesses }: DoctorFacts): Check {
  const title = "Processes";
  if (!hidesProcesses) return check("processes", title, "ok", "those of other users can be seen");
  const found =
    "those of other users are hidden from the dashboard (/proc with hidepid, or ProtectProc): who is behind a pid file or an imported row that names one cannot be told, and it is refused";
  const fix =
    "In the unit: ProtectProc=default. Else: mount -o remount,hidepid=0 /proc, or add the dashboard's user to the group of its gid= option.";
  return check("processes", title, "warn", found, fix);
}

const FEW_OPEN_FILES = 1_024;

export function openFiles({ openFiles: limit }: DoctorFacts): Check {
  const title = "Open files";
  if (limit === null) return check("open-files", title, "ok", "no limit is known");
  if (limit < FEW_OPEN_FILES)
    return check(
      "open-files",
      title,
      "warn",
      `at most ${limit}`,
      "ulimit -n 65536, or LimitNOFILE=65536 in the unit.",
    );
  return check("open-files", title, "ok", `at most ${limit}`);
}
