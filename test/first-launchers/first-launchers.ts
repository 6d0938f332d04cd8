import { spawn } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { applyMigrations, readMigrations, withSchemaEngine } from "@/lib/store/schema-engine.mjs";
import { inDatabase } from "../doctored";
import { until } from "../until";

/**
 * Data folders as 0.1.0 wrote them before *shim* was renamed, each with that version's own launcher, byte for byte. The folders here
 * are named by the commit they were recorded from: what that commit's dashboard left behind after it was killed with runs alive.
 */
type FirstVersion = {
  readonly commit: "2a3f287" | "d58052d";
  readonly about: string;
  readonly lastMigration: string;
  /** What its launcher was called in the data folder: a hash of the script. */
  readonly script: string;
  /** Its launcher went to the working folder itself, read the environment from a file, and knew its data folder. */
  readonly later: boolean;
};

export const FIRST_VERSIONS: readonly FirstVersion[] = [
  {
    commit: "2a3f287",
    about: "before data folders had an identity",
    lastMigration: "20261122080000_stuck_runs",
    script: "launcher-24daa02534dbedd4.sh",
    later: false,
  },
  {
    commit: "d58052d",
    about: "just before the rename",
    lastMigration: "20261127350000_real_folder",
    script: "launcher-b01770b4e7e71673.sh",
    later: true,
  },
];

type Values = Readonly<Record<string, string | number>>;
type Identity = { readonly pid: number; readonly startTicks: number };

type OldRun = {
  readonly id: string;
  readonly launcher: Identity;
  readonly program: Identity;
  readonly exitFile: string;
};

const WORKER = "wrk_00mx081rgy2eeda57ec2";
const TOKEN = "d0h7o9ygkbiqkr1cjlxp4605o0dp66xj";
/** Any process that is over: the dashboard that was killed. */
const DASHBOARD = 500_000_000;
const root = process.cwd();

/** A data folder of that version without its dashboard; its runs are started with the answer. */
export async function oldFolder(version: FirstVersion, dataDir: string) {
  const here = join(import.meta.dirname, version.commit);
  const cwd = join(dataDir, "work");
  for (const folder of ["runs", "exits", "shims"]) mkdirSync(join(dataDir, folder), { mode: 0o700 });
  mkdirSync(cwd, { recursive: true });
  const launcher = join(dataDir, "shims", version.script);
  copyFileSync(join(here, "launcher.sh"), launcher);
  await migrateUpTo(version.lastMigration, join(dataDir, "unstuck.db"));
  const common = { now: Date.now(), hostInstance: hostInstance(), hostname: hostname(), worker: WORKER };
  const write = (statements: string, values: Values) => {
    const sql = filled(readFileSync(join(here, `${statements}.sql`), "utf8"), { ...common, ...values });
    inDatabase(dataDir, (database) => database.exec(sql));
  };
  if (version.later) writeFileSync(join(dataDir, "_identity"), `${JSON.stringify({ worker: WORKER })}\n`);
  write("worker", { dashboardPid: DASHBOARD, folder: JSON.stringify(factsOf(dataDir)) });

  /**
   * Starts a program under the launcher. `row` is how far the dashboard had come: "starting", it was killed before it had recorded the
   * start; "running", after that.
   */
  async function start(job: string, argv: readonly string[], row: "starting" | "running"): Promise<OldRun> {
    const id = `run_00mx081t4uou461j${job.padEnd(4, "0").slice(0, 4)}`;
    const files = { folder: join(dataDir, "runs", id), exitFile: join(dataDir, "exits", id) };
    const values = { job, run: id, cwd, token: TOKEN, argv: JSON.stringify(argv) };
    write("claimed", { ...values, spec: JSON.stringify(specOf(version, argv, cwd)) });
    leaveFiles(version, files.folder, { id, job, argv, cwd });
    const logs = join(dataDir, job, "logs");
    mkdirSync(logs, { recursive: true, mode: 0o750 });
    const command = [launcher, files.folder, files.exitFile, ...(version.later ? [cwd] : []), ...argv];
    const env = environmentOf(dataDir, { id, job, path: files.folder });
    spawnDetached(command, version.later ? "/" : cwd, env, join(logs, `${id}.log`));
    const identities = {
      launcher: await identityIn(join(files.folder, "claim"), /^shim (\d+) (\d+)\n$/),
      program: await identityIn(join(files.folder, "payload"), /^(\d+) (\d+)\n\s*$/),
    };
    if (row === "running") write("spawned", { ...values, ...columnsOf(identities) });
    return { id, exitFile: files.exitFile, ...identities };
  }

  return { cwd, start };
}

async function migrateUpTo(last: string, databaseFile: string): Promise<void> {
  const all = readMigrations(root);
  const migrationDirectories = all.migrationDirectories.filter(({ path }) => path <= last);
  await withSchemaEngine({ root, databaseFile }, (engine) =>
    applyMigrations(engine, { ...all, migrationDirectories }),
  );
}

/** Puts values into recorded statements: numbers as they are, texts quoted. */
function filled(sql: string, values: Values): string {
  return sql.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Nothing to put in for ${name}.`);
    return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
  });
}

function specOf({ later }: FirstVersion, argv: readonly string[], cwd: string) {
  const signals = { to: "program", sequence: [{ signal: "SIGTERM", waitMs: 10_000 }] };
  return {
    ...(later ? { args: [], argsBefore: null, envSecret: [] } : {}),
    pidFile: null,
    tags: [],
    limits: { memoryBytes: null, openFiles: null, nice: null },
    logCapBytes: 200_000_000,
    ...(later ? { logVia: "auto", logEncoding: "utf-8" } : {}),
    stuckAfterMs: 86_400_000,
    ...(later ? { oldFolder: null } : {}),
    byHand: null,
    adopted: null,
    ...(later ? { signals } : {}),
    kind: "command",
    argv,
    cwd,
    env: {},
    checkpoint: null,
    timeouts: { startMs: 60_000, silenceMs: 600_000, maxDurationMs: null, stopGraceMs: 10_000 },
    onSilence: "stop",
    locks: [],
    fresh: false,
  };
}

type Start = {
  readonly id: string;
  readonly job: string;
  readonly argv: readonly string[];
  readonly cwd: string;
};

/** What the dashboard left in the run's folder before it started the launcher; without cgroups, which a host may not have. */
function leaveFiles({ later }: FirstVersion, folder: string, { id, job, argv, cwd }: Start): void {
  mkdirSync(folder, { mode: 0o700 });
  const where = later ? { realCwd: cwd } : { cwd };
  const spec = { runId: id, jobId: job, kind: "command", argv, ...where, checkpoint: null };
  writeFileSync(join(folder, "spec.json"), JSON.stringify(spec), { mode: 0o600 });
  const upSeconds = Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]);
  writeFileSync(join(folder, "launched"), `${Math.round(upSeconds * 1_000)}\n`);
  if (!later) return;
  const env = join(folder, "env");
  appendFileSync(env, `unset LC_ALL OLDPWD\ntrue >'${env}'\n:\n`, { mode: 0o600 });
}

function environmentOf(dataDir: string, run: { id: string; job: string; path: string }) {
  return {
    PATH: process.env.PATH ?? "",
    UNSTUCK_RUN: `${run.id}.${TOKEN}`,
    UNSTUCK_RUN_ID: run.id,
    UNSTUCK_JOB: run.job,
    UNSTUCK_RUN_TOKEN: TOKEN,
    UNSTUCK_URL: "http://127.0.0.1:3000",
    UNSTUCK_SOCKET: join(dataDir, "unstuck.sock"),
    UNSTUCK_PROGRESS_FILE: join(run.path, "progress.json"),
    UNSTUCK_FENCE: "1",
    UNSTUCK_FENCES: "{}",
  };
}

function spawnDetached(args: string[], cwd: string, env: Readonly<Record<string, string>>, logFile: string) {
  const [input, log] = [openSync("/dev/null", "a+"), openSync(logFile, "a", 0o640)];
  // Next's types demand NODE_ENV of every environment.
  const own = env as NodeJS.ProcessEnv;
  spawn("/bin/sh", args, { cwd, env: own, stdio: [input, log, log], detached: true }).unref();
  for (const descriptor of [input, log]) closeSync(descriptor);
}

async function identityIn(file: string, pattern: RegExp): Promise<Identity> {
  const [, pid, ticks] = await until(`${file} names a process`, () => pattern.exec(textOf(file)));
  return { pid: Number(pid), startTicks: Number(ticks) };
}

function columnsOf({ launcher, program }: { launcher: Identity; program: Identity }) {
  return {
    launcherPid: launcher.pid,
    launcherTicks: launcher.startTicks,
    programPid: program.pid,
    programTicks: program.startTicks,
  };
}

function hostInstance(): string {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const namespace = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  const firstStart = readFileSync("/proc/1/stat", "latin1").split(") ").at(-1)?.split(" ")[19];
  return `${boot}/${namespace}/${firstStart}`;
}

/** What d58052d had recorded about its data folder, to recognise a copy by. */
function factsOf(dataDir: string) {
  const folder = statSync(dataDir, { bigint: true });
  const mark = lstatSync(join(dataDir, "_identity"), { bigint: true, throwIfNoEntry: false });
  return {
    path: dataDir,
    device: String(folder.dev),
    folder: { inode: String(folder.ino), bornNs: null },
    mark: mark === undefined ? null : { inode: String(mark.ino), bornNs: null, links: 1 },
    keepsInodes: true,
    hostInstance: hostInstance(),
    hostname: hostname(),
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
