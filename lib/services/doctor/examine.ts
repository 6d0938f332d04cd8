import { scarcest } from "@/lib/domain/disk";
import type { Check, CheckStatus } from "@/lib/domain/doctor";
import type { DoctorFacts } from "./facts";

type Ports = { doctorFacts(): Promise<DoctorFacts> };

/** Every check of the installation as the running dashboard sees it. Nothing is changed. */
export async function examine(ctx: Ports): Promise<Check[]> {
  const facts = await ctx.doctorFacts();
  return CHECKS.map((check) => check(facts));
}

const CHECKS: readonly ((facts: DoctorFacts) => Check)[] = [
  node,
  dataFolder,
  permissions,
  database,
  rows,
  runs,
  launcher,
  disk,
  clock,
  socket,
  reach,
  environment,
  systemd,
  init,
  openFiles,
];

function check(
  id: string,
  title: string,
  status: CheckStatus,
  found: string,
  fix: string | null = null,
): Check {
  return { id, title, status, found, fix };
}

function node({ nodeVersion }: DoctorFacts): Check {
  return check("node", "Node", "ok", `version ${nodeVersion}`);
}

function dataFolder({ dataFolder: { path, networkFileSystem, doubt } }: DoctorFacts): Check {
  const title = "Data folder";
  if (doubt !== null) {
    const fix = "If it is the live one: unstuck folder --confirm. If not, stop this dashboard.";
    return check("data-folder", title, "fail", `${path} may not be the live one: ${doubt}`, fix);
  }
  if (networkFileSystem === null) return check("data-folder", title, "ok", path);
  const found = `${path} is on ${networkFileSystem}, where locks do not hold`;
  return check("data-folder", title, "fail", found, "Move it to a local disk and set UNSTUCK_DATA_DIR.");
}

const WRITABLE_BY_OTHERS = 0o002;
const READABLE_BY_OTHERS = 0o004;

function permissions({ user, dataFolder: { path, owner, mode } }: DoctorFacts): Check {
  const title = "Permissions";
  const found = `mode ${(mode & 0o777).toString(8).padStart(4, "0")}, owned by user ${owner}`;
  if ((mode & WRITABLE_BY_OTHERS) !== 0)
    return check("permissions", title, "fail", `${found}: everybody may write to it`, `chmod o-rwx ${path}`);
  if (owner !== user && user !== 0)
    return check(
      "permissions",
      title,
      "warn",
      `${found}; the dashboard is user ${user}`,
      `chown -R ${user} ${path}`,
    );
  if ((mode & READABLE_BY_OTHERS) !== 0)
    return check(
      "permissions",
      title,
      "warn",
      `${found}: everybody may read it, the jobs' env too`,
      `chmod o-rwx ${path}`,
    );
  return check("permissions", title, "ok", found);
}

const SLOW_WRITE_MS = 1_000;
const LARGE_WAL_BYTES = 256 * 1024 * 1024;

function database({ database: { file, bytes, walBytes, tookMs, problem } }: DoctorFacts): Check {
  const title = "Database";
  if (tookMs === null)
    return check(
      "database",
      title,
      "fail",
      problem ?? "it does not answer",
      `See who holds ${file}: fuser -v ${file}`,
    );
  const found = `${megabytes(bytes)}, a write took ${Math.round(tookMs)} ms`;
  if (tookMs > SLOW_WRITE_MS)
    return check(
      "database",
      title,
      "warn",
      found,
      "The disk is slow or busy, or another program uses the database.",
    );
  if (walBytes > LARGE_WAL_BYTES)
    return check(
      "database",
      title,
      "warn",
      `${found}; its journal has ${megabytes(walBytes)}`,
      "End programs that keep the database open for reading.",
    );
  return check("database", title, "ok", found);
}

const LISTED_ROWS = 5;

function rows({ unreadable, database: { file } }: DoctorFacts): Check {
  const title = "Rows";
  if (unreadable.length === 0) return check("rows", title, "ok", "every job and its newest run can be read");
  const named = unreadable.slice(0, LISTED_ROWS).map(({ what, why }) => `${what} (${why})`);
  const more = unreadable.length - named.length;
  const found = `damaged, and left as they are: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
  const fix = `Such a job is on no list and does not start. Stop the dashboard and put its row back into ${file} from a backup (docs/deploy.md), or delete it: DELETE /api/v1/jobs/JOB.`;
  return check("rows", title, "fail", found, fix);
}

function runs({ unrecovered }: DoctorFacts): Check {
  const title = "Runs";
  const [first] = unrecovered;
  if (first === undefined) return check("runs", title, "ok", "all that are active are looked after");
  const others = unrecovered.length === 1 ? "" : `, and ${unrecovered.length - 1} more like it`;
  const found = `what became of ${first.runId} cannot be found out: ${first.reason}${others}`;
  return check("runs", title, "fail", found, "Remove what is in the way; it is tried again by itself.");
}

function launcher({ launcher: { folder, shell, usable } }: DoctorFacts): Check {
  const title = "Launcher";
  if (!shell)
    return check("launcher", title, "fail", "there is no /bin/sh", "Install a POSIX shell as /bin/sh.");
  if (usable === null)
    return check(
      "launcher",
      title,
      "fail",
      `${folder} has no launcher that can be read`,
      "Restart the dashboard: it writes it anew.",
    );
  return check("launcher", title, "ok", usable);
}

function disk({ disk: space, diskLimits }: DoctorFacts): Check {
  const title = "Disk";
  if (space === null)
    return check("disk", title, "unknown", "it could not be measured yet", "Ask again in a minute.");
  const { what, percent } = scarcest(space);
  const found = `${percent.toFixed(1)} % of its ${what === "inodes" ? "inodes" : "room"} free (${megabytes(space.freeBytes)})`;
  if (space.state === "full")
    return check(
      "disk",
      title,
      "fail",
      `${found}: no run is started`,
      `Make room, at least ${diskLimits.refusePercent} %.`,
    );
  if (space.state === "low")
    return check(
      "disk",
      title,
      "warn",
      found,
      `Make room. Below ${diskLimits.refusePercent} % no run is started.`,
    );
  return check("disk", title, "ok", found);
}

/** Writing and looking are not one moment. */
const AHEAD_MS = 60_000;

function clock({ clock: { now, synchronised }, database: { newestAt } }: DoctorFacts): Check {
  const title = "Clock";
  const found = new Date(now).toISOString();
  if (newestAt !== null && newestAt > now + AHEAD_MS)
    return check(
      "clock",
      title,
      "fail",
      `${found}, but a run is from ${new Date(newestAt).toISOString()}: the clock was set back`,
      "Set the clock right (timedatectl set-ntp true). No run is ended by it, but ages are told wrong.",
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

function socket({ socket: { path, why } }: DoctorFacts): Check {
  const title = "Socket";
  if (path !== null) return check("socket", title, "ok", path);
  return check(
    "socket",
    title,
    "warn",
    why ?? "there is none",
    "The command line uses HTTP meanwhile. Mend it and restart.",
  );
}

function reach({ origin, beyondLoopback }: DoctorFacts): Check {
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

function environment({ environment: { use, names, missing } }: DoctorFacts): Check {
  const title = "Environment";
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

const LISTED_NAMES = 8;

function list(names: readonly string[]): string {
  const more = names.length - LISTED_NAMES;
  return `${names.slice(0, LISTED_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const KEEPS_RUNS = ["process", "none"];

function systemd({ systemd: { unit, killMode }, onShutdown: { policy } }: DoctorFacts): Check {
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

function init({ init: { isFirstProcess, name }, onShutdown: { why } }: DoctorFacts): Check {
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

const FEW_OPEN_FILES = 1_024;

function openFiles({ openFiles: limit }: DoctorFacts): Check {
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

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
