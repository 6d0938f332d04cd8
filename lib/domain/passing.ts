import { AppError, type ErrorCode, isAppError } from "./errors";

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
  "HOST_EXHAUSTED",
  "PATH_NOT_ANSWERING",
  // A hold is released, or its time is over.
  "HELD",
];

/** The same from the operating system, which has none left just now. */
const OUT_OF: Readonly<Record<string, string>> = {
  EMFILE: "file descriptors",
  ENFILE: "file descriptors",
  ENOMEM: "memory",
  EAGAIN: "processes",
};

/** Whether trying again later may help; anything else is an answer, or a fault of our own. */
export function passes(error: unknown): boolean {
  return isAppError(error) ? PASSING.includes(error.code) : hostExhausted(error) !== null;
}

/** The error for the person who asked, if the operating system refused something because it has none left; null: it is another failure. */
export function hostExhausted(error: unknown): AppError | null {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const what = OUT_OF[code];
  if (what === undefined) return null;
  const message = `This host has no ${what} left for Unstuck right now (${code}). Free some or raise the limit, then try again.`;
  return new AppError("HOST_EXHAUSTED", message, { code }, { cause: error });
}
