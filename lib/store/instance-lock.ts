import { readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { AppError } from "@/lib/domain/errors";
import { meansNoRoom, noRoom } from "./no-room";
import { keepFromOthers } from "./private-file";

/**
 * One dashboard per data folder. An exclusive SQLite transaction on a file of its own is a kernel lock: it goes with the
 * process whatever ends it, so it can never be stale, and there is no pid to believe.
 * @throws AppError DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, DISK_FULL
 */
export function takeInstanceLock(file: string, holder: { pid: number; origin: string }): { release(): void } {
  const database = open(file);
  try {
    // A user who may open it could hold a lock on it, and keep the next dashboard out. Its journal gets the same mode.
    keepFromOthers(file);
    database.pragma("journal_mode = DELETE");
    database.exec("BEGIN EXCLUSIVE");
    writeHolder(file, holder);
  } catch (error) {
    database.close();
    throw isBusy(error) ? busy(file, error) : unusable(file, error);
  }
  return { release: () => database.close() };
}

function open(file: string): Database.Database {
  try {
    return new Database(file, { timeout: 0 });
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string, cause: unknown): AppError {
  if (meansNoRoom(cause)) return noRoom(file, cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The data folder cannot be used: ${file} could not be opened (${why}). Check its permissions and free disk space.`;
  return new AppError("DATA_FOLDER_UNUSABLE", message, { file }, { cause });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

function busy(file: string, cause: unknown): AppError {
  const holder = readHolder(file);
  const who = holder === null ? "another Unstuck" : `another Unstuck (pid ${holder.pid}, ${holder.origin})`;
  const message = `This data folder is in use by ${who}. Stop that one, or set UNSTUCK_DATA_DIR to another folder. This one takes over automatically when the other ends.`;
  return new AppError("DATA_FOLDER_IN_USE", message, { file, holder }, { cause });
}

/** On a full disk the lock is held without it. */
function writeHolder(file: string, holder: { pid: number; origin: string }): void {
  try {
    writeFileSync(`${file}.holder`, JSON.stringify(holder), { mode: 0o600 });
    keepFromOthers(`${file}.holder`);
  } catch (error) {
    if (!meansNoRoom(error)) throw error;
  }
}

/** A courtesy for the message only; the lock is the truth. */
function readHolder(file: string): { pid: number; origin: string } | null {
  try {
    const found: unknown = JSON.parse(readFileSync(`${file}.holder`, "utf8"));
    if (typeof found !== "object" || found === null || !("pid" in found) || !("origin" in found)) return null;
    return { pid: Number(found.pid), origin: String(found.origin) };
  } catch {
    return null;
  }
}
