import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Copies the scripts of the process that reads to the data folder, under a name made of their content: it is started again and again
 * for as long as the dashboard runs, and an upgrade of the program's folder meanwhile must not put two versions together.
 * @param source lib/files/child
 * @param folder the data folder's own scripts
 * @returns the path of the copy's main.mjs
 */
export function installChild(source: string, folder: string): string {
  const names = readdirSync(source).filter((name) => name.endsWith(".mjs"));
  const scripts = names.sort().map((name) => ({ name, text: readFileSync(join(source, name)) }));
  const hash = createHash("sha256");
  for (const { name, text } of scripts) hash.update(`${name} ${text.length}\n`).update(text);
  const target = join(folder, `files-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(target)) return join(target, "main.mjs");
  const beside = `${target}.${process.pid}`;
  // Half of it may be left from an attempt on a full disk.
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true, mode: 0o700 });
  for (const { name, text } of scripts) writeFileSync(join(beside, name), text, { mode: 0o400 });
  renameSync(beside, target);
  return join(target, "main.mjs");
}
