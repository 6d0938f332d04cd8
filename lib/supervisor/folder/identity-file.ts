import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "@/lib/domain/errors";
import { parseWorkerId, type WorkerId } from "@/lib/domain/ids";
import { failedWith } from "../files/system-error";

/**
 * The worker a data folder belongs to, as its file `_identity` says.
 * @returns null when there is no such file, or it says nothing readable
 * @throws AppError DATA_FOLDER_UNUSABLE when it is there and cannot be read
 */
export function readIdentityFile(file: string): WorkerId | null {
  try {
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof found === "object" && found !== null && "worker" in found
      ? parseWorkerId(String(found.worker))
      : null;
  } catch (error) {
    if (failedWith(error, "ENOENT") || error instanceof SyntaxError) return null;
    throw unusable(file, "read", error);
  }
}

/**
 * Synced and renamed into place: after a power cut there is the old file or the new one.
 * @throws AppError DATA_FOLDER_UNUSABLE, and what the system says when there is no room
 */
export function writeIdentityFile(file: string, worker: WorkerId): void {
  const about = "Written by Unstuck: whose data folder this is. Leave it where it is.";
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify({ worker, about })}\n`, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
    syncFolder(dirname(file));
  } catch (error) {
    // This may pass by itself, and boot reports it as such.
    if (failedWith(error, "ENOSPC", "EDQUOT")) throw error;
    throw unusable(file, "written", error);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unusable(file: string, deed: "read" | "written", cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The data folder cannot be used: ${file} could not be ${deed} (${why}). Check its permissions and free disk space.`;
  return new AppError("DATA_FOLDER_UNUSABLE", message, { file }, { cause });
}
