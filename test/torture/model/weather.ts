import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import Database from "better-sqlite3";
import type { Chance } from "./chance";
import { someRequests } from "./requests";
import { bootServer, type World } from "./world";

/** What happens to the host around: disk, clock, database, pid files. Each answers whether it could be done. */

const MAX_STEP_MS = 2 * 3_600_000;

export async function stepClock(world: World, chance: Chance): Promise<boolean> {
  world.clockOffsetMs = chance.often(0.2) ? 0 : chance.below(2 * MAX_STEP_MS) - MAX_STEP_MS;
  writeFileSync(world.clockFile, String(world.clockOffsetMs));
  return true;
}

export async function fillDisk(world: World, chance: Chance): Promise<boolean> {
  if (!world.ownDisk) return false;
  const ballast = join(world.dataDir, "ballast");
  fill(ballast);
  try {
    await someRequests(world, chance);
    await wait(chance.below(2_500));
  } finally {
    rmSync(ballast, { force: true });
  }
  return true;
}

/** Until not a byte is left. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let bytes = 4 * 1_048_576; bytes >= 1; bytes = Math.floor(bytes / 64)) {
      const block = Buffer.alloc(bytes);
      while (wrote(file, block));
    }
  } finally {
    closeSync(file);
  }
}

function wrote(file: number, block: Buffer): boolean {
  try {
    return writeSync(file, block) > 0;
  } catch {
    return false;
  }
}

/** Another program holds the database, as a backup or a curious person with sqlite3 does. */
export async function holdDatabase(world: World, chance: Chance): Promise<boolean> {
  const kills = chance.often(0.3);
  const database = new Database(world.database, { timeout: 20_000 });
  try {
    database.exec("BEGIN IMMEDIATE");
    const under = someRequests(world, chance);
    await wait(300 + chance.below(3_000));
    if (kills) {
      await world.server.kill();
      world.tally.kill("SIGKILL, database held");
      const booting = bootServer(world);
      await wait(chance.below(1_500));
      database.exec("ROLLBACK");
      await booting;
    } else database.exec("ROLLBACK");
    await under;
  } finally {
    database.close();
  }
  return true;
}

const GARBAGE = ["", "garbage\n", "-1\n", "0\n", "1\n", "99999999999999999999\n", "4194303\n", "\0\0\0"];

/** What people and cron do to pid files. Only a process of the harness's own is ever named in one. */
export async function tamper(world: World, chance: Chance): Promise<boolean> {
  // None on the mount: this process is not to depend on its answer.
  const beside = world.subjects.filter(({ onMount }) => !onMount);
  const file = chance.pick(beside.flatMap(({ pidFile }) => (pidFile === null ? [] : [pidFile])));
  const how = chance.pick(["delete", "garbage", "live"] as const);
  if (how === "delete") rmSync(file, { force: true });
  if (how === "garbage") writeFileSync(file, chance.pick(GARBAGE));
  if (how === "live") writeFileSync(file, `${bystanderOf(world)}\n`);
  return true;
}

function bystanderOf(world: World): number {
  const there = world.bystander;
  if (there?.pid !== undefined && there.exitCode === null && there.signalCode === null) return there.pid;
  world.bystander = spawn("sleep", ["3600"], { stdio: "ignore" });
  return world.bystander.pid ?? 0;
}
