import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { failedWith } from "../files/system-error";

/** How the kernel says that a process is not there (any more). */
export const GONE = ["ENOENT", "ESRCH"];
/** Another user's process does not show its environment. */
export const HIDDEN = ["EACCES", "EPERM"];

export function commandLineOf(pid: number): string | null {
  return readUnless(`/proc/${pid}/cmdline`, [...GONE, ...HIDDEN]);
}

export function readUnless(path: string, codes: readonly string[]): string | null {
  return unless(codes, () => readAll(path));
}

/** Nearly all of what is read fits. */
const buffer = Buffer.allocUnsafe(64 * 1024);

/** Without a buffer of its own for each: a scan reads hundreds of them. */
function readAll(path: string): string {
  const file = openSync(path, "r");
  try {
    let length = 0;
    for (let more = -1; more !== 0 && length < buffer.length; length += more)
      more = readSync(file, buffer, length, buffer.length - length, null);
    return length < buffer.length ? buffer.toString("latin1", 0, length) : readFileSync(path, "latin1");
  } finally {
    closeSync(file);
  }
}

/** What cannot be read now (out of descriptors, out of memory) is not gone: that must fail, not be believed. */
export function unless<Read>(codes: readonly string[], read: () => Read): Read | null {
  try {
    return read();
  } catch (error) {
    if (failedWith(error, ...codes)) return null;
    throw error;
  }
}
