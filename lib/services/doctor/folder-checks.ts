import { scarcest } from "@/lib/domain/disk";
import type { Check } from "@/lib/domain/doctor";
import { check, megabytes } from "./check";
import type { DoctorFacts } from "./facts";

/** What is checked of the data folder and of what stands in it. */

export function dataFolder({ dataFolder: { path, networkFileSystem, doubt } }: DoctorFacts): Check {
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

export function permissions({ user, dataFolder: { path, owner, mode } }: DoctorFacts): Check {
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

export function database({ database: { file, bytes, walBytes, tookMs, problem } }: DoctorFacts): Check {
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

export function rows({ unreadable, database: { file } }: DoctorFacts): Check {
  const title = "Rows";
  if (unreadable.length === 0) return check("rows", title, "ok", "every job and its newest run can be read");
  const named = unreadable.slice(0, LISTED_ROWS).map(({ what, why }) => `${what} (${why})`);
  const more = unreadable.length - named.length;
  const found = `damaged, and left as they are: ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
  const fix = `Such a job is on no list and does not start. Stop the dashboard and put its row back into ${file} from a backup (docs/deploy.md), or delete it: DELETE /api/v1/jobs/JOB.`;
  return check("rows", title, "fail", found, fix);
}

export function runs({ unrecovered }: DoctorFacts): Check {
  const title = "Runs";
  const [first] = unrecovered;
  if (first === undefined) return check("runs", title, "ok", "all that are active are looked after");
  const others = unrecovered.length === 1 ? "" : `, and ${unrecovered.length - 1} more like it`;
  const found = `what became of ${first.runId} cannot be found out: ${first.reason}${others}`;
  return check("runs", title, "fail", found, "Remove what is in the way; it is tried again by itself.");
}

export function launcher({ launcher: { folder, shell, usable } }: DoctorFacts): Check {
  const title = "Launcher";
  if (!shell)
    return check("launcher", title, "fail", "there is no /bin/sh", "Install a POSIX shell as /bin/sh.");
  if (usable === null)
    return check(
      "launcher",
      title,
      "fail",
      `${folder} has no launcher that can be read`,
      "Restart the dashboard: it writes the file again.",
    );
  return check("launcher", title, "ok", usable);
}

export function disk({ disk: space, diskLimits }: DoctorFacts): Check {
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
