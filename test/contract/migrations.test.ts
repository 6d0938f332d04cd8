import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeEach, expect, test } from "vitest";
import {
  applyMigrations,
  diagnose,
  diffToSchema,
  readMigrations,
  withSchemaEngine,
} from "@/lib/store/schema-engine.mjs";
import { temporaryFolder } from "@/test/folders";

const ROOT = process.cwd();
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** What leads from the migrations to the schema of a project; null when nothing does. */
function difference(schemaRoot: string): Promise<string | null> {
  return withSchemaEngine({ root: ROOT, databaseFile: join(folder, "empty.db") }, (engine) =>
    diffToSchema(engine, schemaRoot, readMigrations(ROOT)),
  );
}

/** A project whose schema is ours, changed. */
function changedSchema(change: (schema: string) => string): string {
  const root = join(folder, "project");
  mkdirSync(join(root, "prisma"), { recursive: true });
  const schema = readFileSync(join(ROOT, "prisma/schema.prisma"), "utf8");
  const changed = change(schema);
  expect(changed, "the change found its place").not.toBe(schema);
  writeFileSync(join(root, "prisma/schema.prisma"), changed);
  return root;
}

test("schema and migrations agree", async () => {
  expect(await difference(ROOT)).toBeNull();
});

test("a column added to the schema without a migration is noticed", async () => {
  const root = changedSchema((schema) => schema.replace("model Job {", "model Job {\n  colour String?"));
  expect(await difference(root)).toMatch(/ADD COLUMN "colour"/);
});

test("an index removed from the schema without a migration is noticed", async () => {
  const root = changedSchema((schema) => schema.replace("  @@index([lineageId])\n", ""));
  expect(await difference(root)).toMatch(/DROP INDEX "Run_lineageId_idx"/);
});

test("migrations are applied once, in order, and the history then agrees", async () => {
  const databaseFile = join(folder, "new.db");
  const migrations = readMigrations(ROOT);
  await withSchemaEngine({ root: ROOT, databaseFile }, async (engine) => {
    const names = migrations.migrationDirectories.map((directory) => directory.path);
    expect(names).toEqual([...names].sort());
    expect(await applyMigrations(engine, migrations)).toEqual(names);
    expect(await applyMigrations(engine, migrations)).toEqual([]);
    expect(await diagnose(engine, migrations)).toMatchObject({
      history: null,
      failedMigrationNames: [],
      editedMigrationNames: [],
    });
  });
});

test("a database that lacks a later migration gets that one, with its data kept", async () => {
  const databaseFile = join(folder, "old.db");
  const root = join(folder, "newer");
  cpSync(join(ROOT, "prisma"), join(root, "prisma"), { recursive: true });
  await withSchemaEngine({ root: ROOT, databaseFile }, (engine) =>
    applyMigrations(engine, readMigrations(ROOT)),
  );
  const before = new Database(databaseFile);
  before.exec(`INSERT INTO "Lock" ("name") VALUES ('job:kept')`);
  before.close();
  const later = join(root, "prisma/migrations/29990101000000_later");
  mkdirSync(later);
  writeFileSync(join(later, "migration.sql"), `ALTER TABLE "Lock" ADD COLUMN "colour" TEXT;`);
  await withSchemaEngine({ root: ROOT, databaseFile }, async (engine) => {
    expect(await applyMigrations(engine, readMigrations(root))).toEqual(["29990101000000_later"]);
  });
  const after = new Database(databaseFile, { readonly: true });
  expect(after.prepare(`SELECT "name", "colour" FROM "Lock"`).all()).toEqual([
    { name: "job:kept", colour: null },
  ]);
  after.close();
});

test("reading migrations takes folders only, whatever else lies beside them", () => {
  const root = join(folder, "project");
  cpSync(join(ROOT, "prisma/migrations"), join(root, "prisma/migrations"), { recursive: true });
  copyFileSync(join(ROOT, "package.json"), join(root, "prisma/migrations/notes.json"));
  const folders = readdirSync(join(ROOT, "prisma/migrations"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(readMigrations(root).migrationDirectories).toHaveLength(folders.length);
});
