import { closeSync, constants, lstatSync, mkdirSync, openSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import { AppError } from "@/lib/domain/errors";

/**
 * Opens a run's log for appending, made if missing. `<data>/<job>/logs/<runId>.log` must really be there: a link in place of
 * the file or of its folders could make a run write, or a reader read, anywhere.
 * @returns a file descriptor the caller closes
 * @throws AppError LOG_REFUSED
 */
export function openLogForAppend(path: string): number {
  makeFolders(path);
  refuseLinks(path);
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  return opened(path, () => openSync(path, flags, 0o640));
}

/** One after the other: made in one go, the second would be made wherever a link in place of the first leads. */
function makeFolders(path: string): void {
  const logs = dirname(path);
  const job = dirname(logs);
  mkdirSync(dirname(job), { recursive: true, mode: 0o750 });
  for (const folder of [job, logs]) {
    const entry = lstatSync(folder, { throwIfNoEntry: false });
    if (entry === undefined) mkdirSync(folder, { recursive: true, mode: 0o750 });
    else if (!entry.isDirectory()) throw refused(path, `${folder} is a link or a file, not a folder`);
  }
}

/** @throws AppError LOG_NOT_FOUND, LOG_REFUSED */
export function openLogForReading(path: string): number {
  refuseLinks(path);
  return opened(path, () => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW));
}

/** The data folder itself may be a link (people put it on another disk); the two folders below it may not. */
function refuseLinks(path: string): void {
  const logs = dirname(path);
  const job = dirname(logs);
  let real: string;
  try {
    real = realpathSync(logs);
  } catch {
    throw new AppError(
      "LOG_NOT_FOUND",
      `There is no log at ${path}: the run wrote nothing, or its log was removed.`,
      { path },
    );
  }
  const expected = `${realpathSync(dirname(job))}/${basename(job)}/${basename(logs)}`;
  if (real !== expected) throw refused(path, `its folder leads to ${real} through a link`);
}

function opened(path: string, open: () => number): number {
  try {
    // Before it is opened: opening a FIFO would block the whole process until its other end is opened.
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry !== undefined && !entry.isFile() && !entry.isSymbolicLink())
      throw refused(path, "it is not a plain file");
    const descriptor = open();
    if (lstatSync(path).isFile()) return descriptor;
    closeSync(descriptor);
    throw refused(path, "it is not a plain file");
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
    if (code === "ELOOP") throw refused(path, "it is a link");
    if (code === "ENOENT") {
      throw new AppError(
        "LOG_NOT_FOUND",
        `There is no log at ${path}: the run wrote nothing, or its log was removed.`,
        { path },
      );
    }
    throw error;
  }
}

function refused(path: string, why: string): AppError {
  return new AppError(
    "LOG_REFUSED",
    `The log ${path} is refused: ${why}. Put a plain file or folder in its place.`,
    { path },
  );
}
