/**
 * What is judged of an installation, and in which words, by the dashboard and by `unstuck doctor` where none answers. Plain JavaScript,
 * since the command line runs without a build. What the one who looks could not see is null.
 *
 * @typedef {import("./doctor").Check} Check
 * @typedef {import("./doctor").CheckStatus} CheckStatus
 */

/**
 * @param {string} id
 * @param {string} title
 * @param {CheckStatus} status
 * @param {string} found
 * @param {string | null} [fix]
 * @returns {Check}
 */
export function check(id, title, status, found, fix = null) {
  return { id, title, status, found, fix };
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {{ nodeVersion: string, brought?: boolean }} facts `brought`: the one that was called is not supported */
export function node({ nodeVersion, brought = false }) {
  const why = brought ? ", fetched by Unstuck, because the installed one is not supported" : "";
  return check("node", "Node", "ok", `version ${nodeVersion}${why}`);
}

/**
 * @param {{ dataFolder: { path: string, networkFileSystem?: string | null, doubt?: string | null, isThere?: boolean, refusedTo?: number | null } }} facts
 *   `doubt`: why it may not be the live one, in a sentence; `refusedTo`: the user who may not use it
 */
export function dataFolder({ dataFolder: seen }) {
  const { path, networkFileSystem = null, doubt = null, isThere = true, refusedTo = null } = seen;
  /** @type {(status: CheckStatus, found: string, fix?: string) => Check} */
  const told = (status, found, fix) => check("data-folder", "Data folder", status, found, fix);
  if (!isThere)
    return told(
      "fail",
      `${path} is not there`,
      "Start the dashboard, which makes it, or say where it is with --data.",
    );
  if (refusedTo !== null)
    return told(
      "fail",
      `${path} may not be used by user ${refusedTo}`,
      "Use sudo -u with the dashboard's user.",
    );
  if (doubt !== null) {
    const fix = "If it is the live one: unstuck folder --confirm. If not, stop this dashboard.";
    return told("fail", `${path} may not be the live one: ${doubt}`, fix);
  }
  if (networkFileSystem === null) return told("ok", path);
  const found = `${path} is on ${networkFileSystem}, where locks do not hold`;
  return told("fail", found, "Move it to a local disk and set UNSTUCK_DATA_DIR.");
}

const WRITABLE_BY_OTHERS = 0o002;
const READABLE_BY_OTHERS = 0o004;

/** @param {{ user: number | null, dataFolder: { path: string, owner: number, mode: number } }} facts `user`: the dashboard's */
export function permissions({ user, dataFolder: { path, owner, mode } }) {
  /** @type {(status: CheckStatus, found: string, fix?: string) => Check} */
  const told = (status, found, fix) => check("permissions", "Permissions", status, found, fix);
  const found = `mode ${(mode & 0o777).toString(8).padStart(4, "0")}, owned by user ${owner}`;
  if ((mode & WRITABLE_BY_OTHERS) !== 0)
    return told("fail", `${found}: everybody may write to it`, `chmod o-rwx ${path}`);
  if (user !== null && owner !== user && user !== 0)
    return told("warn", `${found}; the dashboard is user ${user}`, `chown -R ${user} ${path}`);
  if ((mode & READABLE_BY_OTHERS) !== 0)
    return told("warn", `${found}: everybody may read it, the jobs' env too`, `chmod o-rwx ${path}`);
  return told("ok", found);
}

/** @param {{ launcher: { folder: string, shell: boolean, usable: string | null }, isUp?: boolean }} facts */
export function launcher({ launcher: { folder, shell, usable }, isUp = true }) {
  /** @type {(status: CheckStatus, found: string, fix?: string) => Check} */
  const told = (status, found, fix) => check("launcher", "Launcher", status, found, fix);
  if (!shell) return told("fail", "there is no /bin/sh", "Install a POSIX shell as /bin/sh.");
  if (usable !== null) return told("ok", usable);
  if (!isUp) return told("warn", "it was not written yet", "Start the dashboard, which writes it.");
  const found = `${folder} has no launcher that can be read`;
  return told("fail", found, "Restart the dashboard: it writes the file again.");
}

/**
 * @param {{ what: "disk space" | "inodes", percent: number, freeBytes: number, state: import("./disk").DiskState } | null} space what is
 *   scarcest of it; null: not measured yet
 * @param {number} refusePercent below which no run is started
 */
export function disk(space, refusePercent) {
  /** @type {(status: CheckStatus, found: string, fix?: string) => Check} */
  const told = (status, found, fix) => check("disk", "Disk", status, found, fix);
  if (space === null) return told("unknown", "it could not be measured yet", "Ask again in a minute.");
  const { what, percent, freeBytes, state } = space;
  const found = `${percent.toFixed(1)} % of its ${what === "inodes" ? "inodes" : "room"} free (${megabytes(freeBytes)})`;
  if (state === "full")
    return told("fail", `${found}: no run is started`, `Make room, at least ${refusePercent} %.`);
  if (state === "low") return told("warn", found, `Make room. Below ${refusePercent} % no run is started.`);
  return told("ok", found);
}

/** Before this was written no clock is right. */
const WRITTEN_AT = Date.UTC(2026, 0);
/** Writing and looking are not one moment. */
const AHEAD_MS = 60_000;

/**
 * @param {{ clock: { now: number, synchronised: boolean | null }, database: { newestAt: number | null } }} facts `newestAt`: the newest
 *   time that was written down, by the clock then
 */
export function clock({ clock: { now, synchronised }, database: { newestAt } }) {
  /** @type {(status: CheckStatus, found: string, fix?: string) => Check} */
  const told = (status, found, fix) => check("clock", "Clock", status, found, fix);
  const found = new Date(now).toISOString();
  if (newestAt !== null && newestAt > now + AHEAD_MS)
    return told(
      "fail",
      `${found}, but a run is from ${new Date(newestAt).toISOString()}: the clock was set back`,
      "Set the clock (timedatectl set-ntp true). A wrong clock ends no run, but ages are shown wrong.",
    );
  if (now < WRITTEN_AT) return told("fail", found, "Set the clock right: timedatectl set-ntp true");
  if (synchronised === false)
    return told("warn", `${found}, and not kept right by the network`, "timedatectl set-ntp true");
  return told("ok", synchronised === null ? found : `${found}, kept right by the network`);
}

const KEEPS_RUNS = ["process", "none"];

/**
 * @param {{ systemd: { unit: string | null, killMode: string | null }, onShutdown: { policy: import("./shutdown").ShutdownPolicy }, isUp?: boolean }} facts
 *   `isUp`: false where the unit was found by what it starts, and it is not sure that it is this installation's
 */
export function systemd({ systemd: { unit, killMode }, onShutdown: { policy }, isUp = true }) {
  /** @type {(status: CheckStatus, found: string, fix?: string) => Check} */
  const told = (status, found, fix) => check("systemd", "systemd", status, found, fix);
  if (unit === null)
    return told("ok", isUp ? "the dashboard is not a systemd service" : "no unit starts a dashboard");
  const fix = "In the unit: KillMode=process (docs/deploy.md), then systemctl daemon-reload.";
  if (killMode === null) return told("unknown", `the unit file of ${unit} could not be read`, fix);
  const found = `${unit} has KillMode=${killMode}`;
  if (KEEPS_RUNS.includes(killMode) || (policy === "stop" && killMode === "mixed")) return told("ok", found);
  return told(isUp ? "fail" : "warn", `${found}: a restart of the service ends every run`, fix);
}

/**
 * @param {{ init: { isFirstProcess: boolean | null, name: string | null }, onShutdown: { why: string | null } }} facts `isFirstProcess`:
 *   whether the dashboard is; `name`: of the first process
 */
export function init({ init: { isFirstProcess, name }, onShutdown: { why } }) {
  const fix = "docker run --init, or tini as the entry point.";
  if (isFirstProcess === true)
    return check("init", "Init", "warn", "the dashboard is pid 1 and does not reap orphans", fix);
  if (isFirstProcess === null && name === "node")
    return check("init", "Init", "warn", "pid 1 is Node, which does not reap orphans", fix);
  const found = `pid 1 is ${name ?? "not visible"}`;
  return check("init", "Init", "ok", why === null ? found : `${found}; ${why}`);
}
