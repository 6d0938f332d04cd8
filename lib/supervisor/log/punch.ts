import { execFile } from "node:child_process";

/** Holes begin and end where the file system's blocks do. */
export const BLOCK_BYTES = 4096;

const WITHIN_MS = 20_000;

export type Punched = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Gives the disk back what a file holds before `end` (a multiple of BLOCK_BYTES): its size and every offset stay as they are.
 * Node has no call for it, and util-linux's `fallocate` is on every Linux; a punch is rare enough for a process of its own.
 * macOS could do the same with fcntl(F_PUNCHHOLE), which no tool there offers.
 * @param descriptor the file, open: by its path a link put in its place could lead the hole elsewhere
 */
export function punch(descriptor: number, end: number): Promise<Punched> {
  const file = `/proc/${process.pid}/fd/${descriptor}`;
  const args = ["--punch-hole", "--offset", "0", "--length", String(end), file];
  return new Promise((resolve) => {
    const options = { timeout: WITHIN_MS, killSignal: "SIGKILL", maxBuffer: 64 * 1024 } as const;
    execFile("fallocate", args, options, (error, _out, told) => {
      resolve(error === null ? { ok: true } : { ok: false, reason: reasonOf(error, told) });
    });
  });
}

function reasonOf(error: { code?: unknown; killed?: boolean | undefined }, told: string): string {
  if (error.code === "ENOENT") return "the program fallocate (util-linux) is not installed";
  if (error.killed === true) return `fallocate did not end within ${WITHIN_MS / 1_000} s`;
  return told.trim().split("\n").at(-1) || "fallocate failed";
}
