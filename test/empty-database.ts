import { chownSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { applyMigrations, readMigrations, withSchemaEngine } from "../lib/store/schema-engine.mjs";
import { fingerprint } from "../scripts/prepare/fingerprint.mjs";

/**
 * A database with every migration and no row, made once for these migrations: making one takes a server as long as everything else of a
 * start together, and hundreds are started.
 */

const ROOT = join(import.meta.dirname, "..");
const KEPT = join(ROOT, "node_modules/.cache/unstuck-tests");

async function emptyDatabase(): Promise<string> {
  const file = join(KEPT, `${fingerprint(ROOT, ["prisma"])}.db`);
  if (existsSync(file)) return file;
  mkdirSync(KEPT, { recursive: true });
  const making = `${file}.${process.pid}`;
  await withSchemaEngine({ root: ROOT, databaseFile: making }, (engine) =>
    applyMigrations(engine, readMigrations(ROOT)),
  );
  renameSync(making, file);
  return file;
}

/** Lays one into a folder that is still empty, for its owner. */
export async function layEmptyDatabase(folder: string): Promise<void> {
  if (!existsSync(folder) || readdirSync(folder).length > 0) return;
  const file = join(folder, "unstuck.db");
  copyFileSync(await emptyDatabase(), file);
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
}
