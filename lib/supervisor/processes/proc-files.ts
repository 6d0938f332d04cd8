import { readFileSync } from "node:fs";
import { failedWith } from "../files/system-error";

/** How the kernel says that a process is not there (any more). */
export const GONE = ["ENOENT", "ESRCH"];
/** Another user's process does not show its environment. */
export const HIDDEN = ["EACCES", "EPERM"];

export function commandLineOf(pid: number): string | null {
  return readUnless(`/proc/${pid}/cmdline`, [...GONE, ...HIDDEN]);
}

export function readUnless(path: string, codes: readonly string[]): string | null {
  return unless(codes, () => readFileSync(path, "latin1"));
}

/** What cannot be read now (out of descriptors, out of memory) is not gone: that must fail, not be believed. */
export function unless(codes: readonly string[], read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (failedWith(error, ...codes)) return null;
    throw error;
  }
}
