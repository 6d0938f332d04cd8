import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "@/lib/domain/errors";
import { meansNoRoom } from "./no-room";
import { keepFromOthers } from "./private-file";

/** In the data folder, so on the same disk and with the same owner. */
const FOLDER = "_backups";
const KEPT = 3;
const OURS = /^unstuck-\d{8}T\d{9}Z-.+\.db$/;
/** A migration may rewrite every table, in the write-ahead log first. */
const ROOM_FOR_MIGRATION = 2;
const SPARE_BYTES = 16 * 1024 * 1024;
const STANDSTILL_MS = 5_000;

/**
 * Copies the database as it is before migrations are applied to it, and keeps the newest three such copies. The copy is on the disk, whole, when
 * this comes back; an unfinished one never has the name of a backup.
 * @param version what the name says about its content: the newest migration it has
 * @returns the copy's path
 * @throws AppError DISK_FULL when there is no room for the copy and the migration, DATABASE_UNUSABLE when it cannot be written for another
 * reason; nothing is left behind then
 */
export async function backUp(databaseFile: string, version: string, now: Date): Promise<string> {
  const folder = join(dirname(databaseFile), FOLDER);
  const stamp = now.toISOString().replace(/[-:.]/g, "");
  const target = join(folder, `unstuck-${stamp}-${version}.db`);
  const unfinished = `${target}.unfinished`;
  try {
    demandRoom(databaseFile, 1 + ROOM_FOR_MIGRATION);
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    removeUnfinished(folder);
    await copyDatabase(databaseFile, unfinished);
    keepFromOthers(unfinished);
    syncToDisk(unfinished);
    renameSync(unfinished, target);
    for (const changed of [folder, dirname(folder)]) syncToDisk(changed);
    for (const old of backupsIn(folder).slice(0, -KEPT)) rmSync(join(folder, old), { force: true });
    return target;
  } catch (error) {
    discard(unfinished);
    throw refusal(databaseFile, folder, error);
  }
}

function discard(unfinished: string): void {
  try {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(`${unfinished}${suffix}`, { force: true });
  } catch {
    // Where nothing can be removed nothing was written. Why is told already.
  }
}

/** From the oldest to the newest: their names begin with their time. */
function backupsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => OURS.test(name))
    .sort();
}

/** Of starts that were killed meanwhile; only the holder of the data folder gets here. */
function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder))
    if (/\.unfinished(-\w+)?$/.test(name)) rmSync(join(folder, name), { force: true });
}

/** For a migration that goes on, of which there is a backup. @throws AppError DISK_FULL */
export function demandRoomToMigrate(databaseFile: string): void {
  demandRoom(databaseFile, ROOM_FOR_MIGRATION);
}

/** @param times so many times the size of the database */
function demandRoom(databaseFile: string, times: number): void {
  const bytes = sizeOf(databaseFile) + sizeOf(`${databaseFile}-wal`);
  const needed = bytes * times + SPARE_BYTES;
  const { bavail, bsize } = statfsSync(dirname(databaseFile));
  if (bavail * bsize >= needed) return;
  throw new AppError(
    "DISK_FULL",
    `The database ${databaseFile} has to be migrated, which needs ${megabytes(needed)} MB on its disk for a backup and the work, and ` +
      `${megabytes(bavail * bsize)} MB are free. Nothing was changed. Free some space; it continues by itself then.`,
    { file: databaseFile, neededBytes: needed, freeBytes: bavail * bsize },
  );
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

/** By SQLite's own backup: it takes in what is still in the write-ahead log. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const database = new Database(from, { readonly: true, timeout: STANDSTILL_MS });
  let remaining = -1;
  let since = performance.now();
  try {
    await database.backup(to, {
      // While another program locks the database it would ask for ever.
      progress: ({ remainingPages }) => {
        if (remainingPages === remaining && performance.now() - since > STANDSTILL_MS)
          throw new Error("database is locked");
        if (remainingPages !== remaining) since = performance.now();
        remaining = remainingPages;
        return 1_000;
      },
    });
  } finally {
    database.close();
  }
}

function syncToDisk(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function refusal(file: string, folder: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const noRoom = meansNoRoom(error);
  const wayOut = noRoom
    ? "Free some space; it continues by itself then."
    : `Make ${folder} a folder this user may write to, then start again.`;
  return new AppError(
    noRoom ? "DISK_FULL" : "DATABASE_UNUSABLE",
    `The database ${file} has to be migrated, and its backup cannot be written to ${folder}: ${why}. Nothing was changed. ${wayOut}`,
    { file, folder },
    { cause: error },
  );
}
