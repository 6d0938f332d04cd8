import { AppError } from "@/lib/domain/errors";
import { failureCode } from "./failure-code";

/** SQLite's and the system's ways to say it. A write-ahead log that cannot grow is told as an I/O error. */
const NO_ROOM = /^(SQLITE_FULL|SQLITE_IOERR_(WRITE|FSYNC|SHMSIZE|TRUNCATE)|ENOSPC|EDQUOT)$/;

export function meansNoRoom(error: unknown): boolean {
  return NO_ROOM.test(failureCode(error) ?? "");
}

export function noRoom(file: string, cause: unknown): AppError {
  const message = `There is no room left on the disk of ${file}, so nothing can be written. Free some space; what is under way continues by itself then.`;
  return new AppError("DISK_FULL", message, { file }, { cause });
}
