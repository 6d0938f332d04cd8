import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own that can really be filled up. Only root can mount one. */
export type SmallDisk = {
  readonly folder: string;
  /** Leaves not one byte; what was free comes back with `free`. */
  fill(): void;
  free(): void;
  unmount(): void;
};

export const canMount = process.getuid?.() === 0 && tryMount();

export function mountSmallDisk(options: string): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "unstuck-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "unstuck-test", folder]);
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: () => fill(ballast),
    free: () => rmSync(ballast, { force: true }),
    unmount: () => {
      execFileSync("umount", ["--lazy", folder]);
      rmdirSync(folder);
    },
  };
}

function fill(path: string): void {
  const file = openSync(path, "a");
  try {
    for (const chunk of [1024 * 1024, 4096, 1]) writeUntilFull(file, Buffer.alloc(chunk));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  for (;;) {
    try {
      writeSync(file, chunk);
    } catch {
      return;
    }
  }
}

/** Root in a container may lack the right. */
function tryMount(): boolean {
  try {
    mountSmallDisk("size=64k").unmount();
    return true;
  } catch {
    return false;
  }
}
