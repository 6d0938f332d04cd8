import { type ErrorCode, isAppError } from "./errors";

/**
 * Failures that end by themselves: another program lets go of what it holds, disk space is freed, a dashboard comes up. Nothing has been
 * decided then, so what was to be done is tried again.
 */
const PASSING: readonly ErrorCode[] = [
  "SUPERVISOR_UNAVAILABLE",
  "DATA_FOLDER_IN_USE",
  "DATABASE_LOCKED",
  "DATABASE_BUSY",
  "DISK_FULL",
  "PATH_NOT_ANSWERING",
];

/** The same from the operating system: it is out of descriptors, memory or processes just now. */
const PASSING_SYSTEM_ERRORS = ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"];

/** Whether trying again later may help; anything else is an answer, or a fault of our own. */
export function passes(error: unknown): boolean {
  if (isAppError(error)) return PASSING.includes(error.code);
  return error instanceof Error && "code" in error && PASSING_SYSTEM_ERRORS.includes(String(error.code));
}
