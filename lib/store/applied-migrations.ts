import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import type { readMigrations } from "./schema-engine.mjs";

type Migrations = ReturnType<typeof readMigrations>;
type Applied = { migration_name: string; checksum: string; finished_at: number | null };

/**
 * Whether a database with a history has exactly these migrations, each finished and unchanged. Asked before every start,
 * because loading the schema engine only to hear that costs more time and memory than the rest of the start.
 */
export function isUpToDate(databaseFile: string, migrations: Migrations): boolean {
  const applied = readApplied(databaseFile);
  const wanted = migrations.migrationDirectories;
  return (
    applied.length === wanted.length &&
    wanted.every(({ path, migrationFile }, index) => {
      const { content } = migrationFile;
      const row = applied[index];
      return (
        row?.migration_name === path &&
        row.finished_at !== null &&
        content.tag === "ok" &&
        row.checksum === createHash("sha256").update(content.value).digest("hex")
      );
    })
  );
}

/** The newest migration a database with a history has; "none" before its first. */
export function newestApplied(databaseFile: string): string {
  return readApplied(databaseFile).at(-1)?.migration_name ?? "none";
}

function readApplied(databaseFile: string): Applied[] {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const rows = database.prepare(
      `SELECT migration_name, checksum, finished_at FROM _prisma_migrations
       WHERE rolled_back_at IS NULL ORDER BY migration_name`,
    );
    return rows.all() as Applied[];
  } finally {
    database.close();
  }
}
