import { AppError } from "@/lib/domain/errors";

/** SQLite's and the system's ways to say it. A write-ahead log that cannot grow is told as an I/O error. */
const NO_ROOM = /SQLITE_FULL|disk is full|SQLITE_IOERR_(WRITE|FSYNC|SHMSIZE|TRUNCATE)|ENOSPC|EDQUOT/i;

export function meansNoRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return NO_ROOM.test(String(error));
  return NO_ROOM.test(`${error.name} ${error.message} ${"code" in error ? String(error.code) : ""}`);
}

export function noRoom(file: string, cause: unknown): AppError {
  const message = `There is no room left on the disk of ${file}, so nothing can be written down. Free some space; what is under way goes on by itself then.`;
  return new AppError("DISK_FULL", message, { file }, { cause });
}
