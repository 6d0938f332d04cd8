import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HangingMount, hangingMount, noHangingMount } from "../../hanging-mount";
import { isRunning, processesOfFolder, processesWithCommand } from "../../processes";
import { type ApiAnswer, type ServerOptions, startServer, type TestServer } from "../../server";
import { until } from "../../until";
import { type Invariants, invariants } from "./invariants";
import { makeSubjects, type Subject } from "./subjects";
import { type Tally, tally } from "./tally";
import { demand } from "./violation";

/** Where one session plays: its folders, its jobs, the server that is up now, and what has been counted. */
export type World = {
  readonly folder: string;
  readonly dataDir: string;
  readonly database: string;
  readonly clockFile: string;
  /** True: the data folder is a small file system of its own, which can be filled. */
  readonly ownDisk: boolean;
  /** Where some jobs keep what they name; null, with the reason why: their folder is a plain one. */
  readonly mount: HangingMount | null;
  readonly noMount: string | null;
  readonly subjects: readonly Subject[];
  readonly truths: Invariants;
  readonly tally: Tally;
  server: TestServer;
  /** The fault point this server may die at by itself. */
  armed: string | null;
  clockOffsetMs: number;
  /** A process that has nothing to do with any job, for pid files that lie. */
  bystander: ChildProcess | null;
};

const DISK = "size=256m";
/** Longer than anything the harness does to the server: beyond it, the request hangs. */
const ANSWER_GUARD_MS = 60_000;

export async function makeWorld(jobs: number): Promise<World> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "unstuck-torture-")));
  const dataDir = join(folder, "data");
  for (const name of ["data", "pids", "work"]) mkdirSync(join(folder, name));
  const ownDisk = mounted(dataDir);
  const noMount = noHangingMount();
  const mount = noMount === null ? await hangingMount(folder) : null;
  if (mount === null) mkdirSync(join(folder, "mount"));
  const clockFile = join(folder, "clock");
  writeFileSync(clockFile, "0");
  const place = { folder, dataDir, ownDisk, mount };
  try {
    const world: World = {
      ...place,
      database: join(dataDir, "unstuck.db"),
      clockFile,
      noMount,
      subjects: makeSubjects(jobs, folder),
      truths: invariants(folder, join(dataDir, "unstuck.db"), join(folder, "journal")),
      tally: tally(),
      server: await startServer({ dataDir, env: { UNSTUCK_TEST_CLOCK: clockFile } }),
      armed: null,
      clockOffsetMs: 0,
      bystander: null,
    };
    await makeJobs(world);
    return world;
  } catch (error) {
    await leave(place, false);
    throw error;
  }
}

async function makeJobs(world: World): Promise<void> {
  for (const { id, argv, locks, timeouts, pidFile, cwd, checkpoint } of world.subjects) {
    const body = { id, argv, locks, timeouts, pidFile, cwd, checkpoint };
    const { status, body: answer } = await world.server.api("POST", "/api/v1/jobs", body);
    demand(status === 201, () => `job ${id} could not be made: ${JSON.stringify(answer)}`);
  }
}

/** Only root may, and not in every container. */
function mounted(folder: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", DISK, "unstuck-torture", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** @param keep after a violation the data folder stays, copied off the disk that goes */
export async function endWorld(world: World, keep: boolean): Promise<void> {
  world.bystander?.kill("SIGKILL");
  if (isRunning(world.server.pid)) await world.server.kill();
  await leave(world, keep);
}

type Place = Pick<World, "folder" | "dataDir" | "ownDisk" | "mount">;

async function leave({ folder, dataDir, ownDisk, mount }: Place, keep: boolean): Promise<void> {
  // First of all: what waits for it can only then be ended, and nothing may be removed through it.
  await mount?.end();
  await until("the session's processes have ended", () => noneLeft(folder));
  if (ownDisk && keep) execFileSync("cp", ["-a", dataDir, join(folder, "kept")]);
  // A killed process of many threads is a zombie before the last of them has let go of its files; and what forks may still fork.
  if (ownDisk)
    await until(`${dataDir} is not in use`, () => {
      noneLeft(folder);
      return spawnSync("umount", [dataDir]).status === 0;
    });
  if (!keep) rmSync(folder, { recursive: true, force: true });
}

/** Kills what is there; answers whether there was nothing. */
function noneLeft(folder: string): boolean {
  // A helper that stands still has nothing of the folder but its script.
  const left = [...processesOfFolder(folder), ...processesWithCommand(`${folder}/data/_launchers/`)];
  for (const { pid } of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended since the look.
    }
  }
  return left.length === 0;
}

export function serverOptions(world: World, fault: string | null = null): ServerOptions {
  const env = { UNSTUCK_TEST_CLOCK: world.clockFile, ...(fault === null ? {} : { UNSTUCK_FAULT: fault }) };
  return { dataDir: world.dataDir, env };
}

/** The next server on the same data folder. One with a fault may die before it is ready; then one without comes after it. */
export async function bootServer(world: World, fault: string | null = null): Promise<void> {
  const began = performance.now();
  try {
    world.server = await startServer(serverOptions(world, fault));
    world.armed = fault;
  } catch (error) {
    if (fault === null) throw error;
    world.tally.kill("fault");
    world.server = await startServer(serverOptions(world));
    world.armed = null;
  }
  world.tally.booted(performance.now() - began);
}

/** What a request came to; `status` 0: the server went away under it. */
export async function ask(world: World, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
  const { server } = world;
  let guard: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    guard = setTimeout(() => resolve(null), ANSWER_GUARD_MS);
  });
  const answer = await Promise.race([server.api(method, path, body).catch(() => GONE), late]);
  clearTimeout(guard);
  demand(answer !== null, () => `${method} ${path} was not answered within ${ANSWER_GUARD_MS} ms`);
  demand(answer.status !== 500, () => `${method} ${path} answered 500: ${JSON.stringify(answer.body)}`);
  world.tally.answered(method, path, answer.status);
  const runId = answer.status === 202 ? answer.body?.run?.id : undefined;
  if (typeof runId === "string") world.truths.acknowledged(runId);
  return answer;
}

const GONE: ApiAnswer = { status: 0, body: null, headers: new Headers() };
