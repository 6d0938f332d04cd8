import { chmodSync, statSync } from "node:fs";

/**
 * Hashes of passwords, sealed secrets and the plain variables of jobs are in the database: its own user alone reads it. Where the mode cannot be
 * changed, as on a file system without modes, everything goes on, and `doctor` speaks of the folder.
 */
export function keepFromOthers(path: string): void {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) chmodSync(path, mode & 0o700);
  } catch {
    // There is none, or it is not ours to change.
  }
}
