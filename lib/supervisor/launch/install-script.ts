import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";

/**
 * Copies a script to the data folder under a name made of its content. A shell reads its script as it goes, so the file
 * a running launcher executes must never change; and the helper that starts launchers is started again for as long as the dashboard
 * runs. So an upgrade adds a file.
 * @param source launcher.sh or spawner.mjs
 * @returns the copy's path
 */
export function installScript(source: string, folder: string): string {
  const script = readFileSync(source);
  const hash = createHash("sha256").update(script).digest("hex").slice(0, 16);
  const target = join(folder, `${parse(source).name}-${hash}${parse(source).ext}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(target)) {
    // Half of it may be left from an attempt on a full disk, and it is not writable.
    rmSync(`${target}.${process.pid}`, { force: true });
    writeFileSync(`${target}.${process.pid}`, script, { mode: 0o500 });
    renameSync(`${target}.${process.pid}`, target);
  }
  return target;
}
