import type { Check } from "@/lib/domain/doctor";
import { check, megabytes } from "@/lib/domain/doctor-checks.mjs";
import type { DoctorFacts } from "@/lib/domain/ports/doctor-facts";

/** What only the running dashboard can tell of itself; the rest is in lib/domain/doctor-checks.mjs. */

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
  return check("runs", title, "fail", found, "Remove what is in the way; it is tried again automatically.");
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
  const found = `${origin} can be reached from other machines, and it speaks plain HTTP: passwords and sessions can be read on the way`;
  return check(
    "reach",
    title,
    "warn",
    found,
    "HOST=127.0.0.1 and a proxy with TLS in front (docs/deploy.md).",
  );
}

export function accounts({ accounts: { state, refused, keyOpenToOthers } }: DoctorFacts): Check {
  const title = "Accounts";
  const warn = (found: string, fix: string) => check("accounts", title, "warn", found, fix);
  if (state === "open")
    return warn(
      "switched off: everyone who reaches the port can run any command as this user",
      "Leave UNSTUCK_AUTH out, unless this machine is yours alone.",
    );
  if (keyOpenToOthers !== null)
    return warn(
      `other users may read the key of the secrets, ${keyOpenToOthers}`,
      `chmod 600 ${keyOpenToOthers}`,
    );
  if (state === "none")
    return warn("there is none yet", "Open the link that this prints: unstuck admin set-up.");
  const [last] = refused;
  if (last === undefined) return check("accounts", title, "ok", "people sign in, programs have tokens");
  const count = refused.reduce((sum, call) => sum + call.count, 0);
  const who = `${last.agent === "" ? "a program" : last.agent}${last.address === null ? "" : ` from ${last.address}`}`;
  return warn(
    `${count === 1 ? "a call" : `${count} calls`} without a token ${count === 1 ? "was" : "were"} refused since the start, the last one ${last.what} by ${who}`,
    "On this host use the socket (unstuck does by itself; curl --unix-socket), from elsewhere give the program a token (docs/security.md).",
  );
}

export function environment({ environment: { use, names, missing, notCarried } }: DoctorFacts): Check {
  const title = "Environment";
  if (notCarried.length > 0)
    return check(
      "environment",
      title,
      "warn",
      `runs should get ${list(notCarried)}, but the shell that launches a program cannot carry ${notCarried.length === 1 ? "that name" : "those names"}`,
      "Set the value under another name where the dashboard is started, and name that one in UNSTUCK_INHERIT.",
    );
  const gone = missing.length === 0 ? "" : `; without a value here: ${list(missing)}`;
  if (use === "recorded") {
    const found = `runs get ${names.length === 1 ? "one variable" : `${names.length} variables`} of the dashboard's own (${list(names)})${gone}`;
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
      `runs get the short base${gone}`,
      "Set it where the dashboard is started, or take it out of UNSTUCK_INHERIT.",
    );
  return check("environment", title, "ok", "runs get a short base and what UNSTUCK_INHERIT names");
}

export function crawls({ unseenCrawls }: DoctorFacts): Check {
  const title = "Crawls";
  if (unseenCrawls.length === 0) return check("crawls", title, "ok", "every Scrapy job gets its JOBDIR");
  const which = unseenCrawls.length === 1 ? "job" : "jobs";
  const found = `no Scrapy call is recognised in the command of ${which} ${list(unseenCrawls)}: no JOBDIR is added, so a stopped run starts from the beginning`;
  const fix =
    "Name scrapy itself as the command (timeout, nice, env and such may come before it), or have the program pass UNSTUCK_CHECKPOINT to Scrapy as its JOBDIR.";
  return check("crawls", title, "warn", found, fix);
}

/** Jobs that say root are no complaint: that was decided. */
export function users({ user, runAs: { root, unsaid } }: DoctorFacts): Check {
  const title = "Users of jobs";
  if (user !== 0) return check("users", title, "ok", "all jobs run as the dashboard's own user");
  if (unsaid.length > 0)
    return check(
      "users",
      title,
      "warn",
      `the dashboard runs as root, and no start is accepted of those that do not say whom they run as: ${list(unsaid)}`,
      "Choose a user for each (User in its form, runAs in the API).",
    );
  const found = root.length === 0 ? "none runs as root" : `${root.length} run as root`;
  return check("users", title, "ok", found);
}

const LISTED_NAMES = 8;

function list(names: readonly string[]): string {
  const more = names.length - LISTED_NAMES;
  return `${names.slice(0, LISTED_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

export function processes({ hidesProcesses }: DoctorFacts): Check {
  const title = "Processes";
  if (!hidesProcesses) return check("processes", title, "ok", "those of other users can be seen");
  const found =
    "those of other users are hidden from the dashboard (/proc with hidepid, or ProtectProc): a pid file or an imported row that names one cannot be checked, and is refused";
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
