import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A small disk of its own that can be made to stand still: who writes to it then hangs in the kernel, deaf to SIGKILL. */
export type FrozenDisk = { readonly folder: string; freeze(): void; thaw(): void; remove(): void };

/** @returns why there can be none when that is so: it takes root, a loop device, ext4 and fsfreeze */
export function makeDisk(): FrozenDisk | string {
  const home = mkdtempSync(join(tmpdir(), "unstuck-disk-"));
  const image = join(home, "image");
  const folder = join(home, "disk");
  mkdirSync(folder);
  writeFileSync(image, Buffer.alloc(8 * 1024 * 1024));
  try {
    quietly("mkfs.ext4", "-q", image);
    quietly("mount", "-o", "loop", image, folder);
  } catch {
    rmSync(home, { recursive: true });
    return "needs root, a loop device and ext4";
  }
  return {
    folder,
    freeze: () => quietly("fsfreeze", "-f", folder),
    thaw: () => quietly("fsfreeze", "-u", folder),
    remove: () => {
      quietly("umount", folder);
      rmSync(home, { recursive: true });
    },
  };
}

function quietly(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: "ignore" });
}
