import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureNode } from "../bootstrap/ensure-node.mjs";
import { installOrExplain } from "./prepare/install.mjs";

/**
 * `npm run migration -- NAME` writes the migration that leads to prisma/schema.prisma.
 * `npm run migration -- --check` exits 1 when schema and migrations differ (part of `npm run verify`).
 */

const root = process.cwd();
const argument = process.argv[2];
if (argument === undefined || (argument !== "--check" && !/^[a-z0-9_]+$/.test(argument))) {
  console.error("Expected a name of a-z, 0-9 and _ (npm run migration -- add_tags) or --check.");
  process.exit(2);
}

await ensureNode();
await installOrExplain(root, { dev: false });
const { diffToSchema, readMigrations, withSchemaEngine } = await import("../lib/store/schema-engine.mjs");
const folder = join(root, "prisma/migrations");
const lockfile = join(folder, "migration_lock.toml");
const first = !existsSync(lockfile);
const scratch = mkdtempSync(join(tmpdir(), "unstuck-migration-"));
try {
  const sql = await withSchemaEngine({ root, databaseFile: join(scratch, "empty.db") }, (engine) =>
    diffToSchema(engine, root, first ? null : readMigrations(root)),
  );
  if (argument === "--check") check(sql);
  else write(argument, sql);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** @param {string | null} sql */
function check(sql) {
  if (sql === null) return console.log("Schema and migrations agree.");
  console.error(`prisma/schema.prisma and prisma/migrations differ. Run: npm run migration -- NAME\n${sql}`);
  process.exitCode = 1;
}

/**
 * @param {string} name
 * @param {string | null} sql
 */
function write(name, sql) {
  if (sql === null) return console.log("Nothing to write: schema and migrations agree.");
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  mkdirSync(target, { recursive: true });
  if (first)
    writeFileSync(
      lockfile,
      '# Written by Prisma: which database these migrations are for.\nprovider = "sqlite"\n',
    );
  writeFileSync(join(target, "migration.sql"), sql);
  console.log(`Wrote ${target}/migration.sql (${readFileSync(join(target, "migration.sql")).length} bytes).`);
  if (/RedefineTables|DROP TABLE/i.test(sql)) {
    console.log(
      "It rebuilds a table: SQLite drops its triggers, and its indexes on expressions, with it. Add them again at the end of the file.",
    );
  }
}
