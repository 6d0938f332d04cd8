import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Every entry below a folder with a hash of what is in it: equal answers mean that nothing on disk has changed. */
export function folderContent(folder: string, leaveOut: RegExp = /$^/): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!leaveOut.test(name)) found[name] = contentOf(join(folder, name));
  }
  return found;
}

/** SQLite's own files, whose bytes change without their content. */
export const DATABASE_FILES = /^(unstuck\.db|instance\.lock)/;

function contentOf(path: string): string {
  const entry = lstatSync(path);
  if (entry.isDirectory()) return "folder";
  if (entry.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  return entry.isFile() ? sha256(readFileSync(path)) : "special";
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
