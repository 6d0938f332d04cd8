import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, test } from "vitest";
import { isUpToDate } from "@/lib/store/applied-migrations";
import { bringUpToDate } from "@/lib/store/migrate";
import { readMigrations } from "@/lib/store/schema-engine.mjs";
import { temporaryFolder } from "@/test/folders";

const ROOT = process.cwd();
const migrations = readMigrations(ROOT);
let databaseFile: string;

beforeEach(async () => {
  databaseFile = join(temporaryFolder(), "unstuck.db");
  await bringUpToDate(ROOT, databaseFile, false);
});

function change(sql: string): void {
  const database = new Database(databaseFile);
  expect(database.prepare(sql).run().changes, "the change found its row").toBe(1);
  database.close();
}

const NEWEST = "(SELECT max(migration_name) FROM _prisma_migrations)";

test("a database that has just been made needs no schema engine", () => {
  expect(isUpToDate(databaseFile, migrations)).toBe(true);
});

test.each([
  ["lacks a migration", `DELETE FROM _prisma_migrations WHERE migration_name = ${NEWEST}`],
  [
    "has one that did not finish",
    `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = ${NEWEST}`,
  ],
  [
    "has one that was edited since",
    `UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name = ${NEWEST}`,
  ],
  [
    "has one of a newer version",
    `INSERT INTO _prisma_migrations SELECT 'x', checksum, finished_at, '99990101000000_newer', logs, NULL, started_at, 1 FROM _prisma_migrations WHERE migration_name = ${NEWEST}`,
  ],
  [
    "has rolled one back",
    `UPDATE _prisma_migrations SET rolled_back_at = 1 WHERE migration_name = ${NEWEST}`,
  ],
])("a database that %s is looked at by the schema engine", (_what, sql) => {
  change(sql);
  expect(isUpToDate(databaseFile, migrations)).toBe(false);
});
