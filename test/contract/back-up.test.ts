import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAppError } from "@/lib/domain/errors";
import { insertJob } from "@/lib/store/jobs";
import { openStore } from "@/lib/store/open";
import { aJob } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { canMount, mountSmallDisk, type SmallDisk } from "@/test/small-disk";
import { audit } from "./store/given";

const ROOT = process.cwd();
/** A later version of the program, by one migration. */
let newer: string;
let folder: string;
let disk: SmallDisk | null = null;
const file = () => join(folder, "unstuck.db");
const backups = () =>
  existsSync(join(folder, "_backups")) ? readdirSync(join(folder, "_backups")).sort() : [];

beforeEach(() => {
  newer = temporaryFolder();
  cpSync(join(ROOT, "prisma"), join(newer, "prisma"), { recursive: true });
  // The engine is read from there.
  cpSync(join(ROOT, "package.json"), join(newer, "package.json"));
  folder = temporaryFolder();
});
afterEach(() => {
  disk?.unmount();
  disk = null;
});

function addMigration(name: string, sql: string): void {
  const place = join(newer, "prisma/migrations", name);
  mkdirSync(place);
  writeFileSync(join(place, "migration.sql"), sql);
}

/** As the version before left it, with one job. */
async function givenOldDatabase(): Promise<void> {
  const store = await openStore(ROOT, file());
  await insertJob(store, aJob(), {}, audit("job.created"));
  await store.close();
}

const upgrade = async () => (await openStore(newer, file())).close();

async function refusal(): Promise<{ code: string; message: string }> {
  const error: unknown = await upgrade().then(
    () => new Error("It was migrated."),
    (reason: unknown) => reason,
  );
  if (isAppError(error)) return { code: error.code, message: error.message };
  throw error;
}

function columns(database: string): unknown[] {
  const opened = new Database(database, { readonly: true });
  const names = opened.prepare(`SELECT "name" FROM pragma_table_info('Job')`).pluck().all();
  opened.close();
  return names;
}

test("before a migration the database is backed up as it was, what was still in its write-ahead log included", async () => {
  await givenOldDatabase();
  const changed = new Database(file());
  changed.exec(`UPDATE "Job" SET "title" = 'the newest words'`);
  // What a killed process leaves behind: nobody has closed anything.
  const copy = temporaryFolder();
  for (const name of ["unstuck.db", "unstuck.db-wal"]) copyFileSync(join(folder, name), join(copy, name));
  changed.close();
  folder = copy;
  addMigration("29990101000000_later", `ALTER TABLE "Job" ADD COLUMN "colour" TEXT;`);
  expect(statSync(`${file()}-wal`).size, "it is in the log only").toBeGreaterThan(0);
  await upgrade();
  expect(columns(file())).toContain("colour");
  const [name = "", ...others] = backups();
  expect(others).toEqual([]);
  expect(name).toMatch(/^unstuck-\d{8}T\d{9}Z-20\d{12}_\w+\.db$/);
  const backup = join(folder, "_backups", name);
  expect(columns(backup)).not.toContain("colour");
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  const old = new Database(backup, { readonly: true });
  expect(old.prepare(`SELECT "title" FROM "Job"`).pluck().all()).toEqual(["the newest words"]);
  expect(old.pragma("integrity_check", { simple: true })).toBe("ok");
  old.close();
});

test("a database that needs no migration, and a new one, get no backup", async () => {
  await givenOldDatabase();
  await (await openStore(ROOT, file())).close();
  expect(backups()).toEqual([]);
});

test("the newest three backups are kept, unfinished ones are removed, and other files are left alone", async () => {
  await givenOldDatabase();
  mkdirSync(join(folder, "_backups"));
  const earlier = ["20260101", "20260102", "20260103"].map((day) => `unstuck-${day}T000000000Z-x.db`);
  const unfinished = "unstuck-20260104T000000000Z-x.db.unfinished";
  for (const name of [...earlier, unfinished, "mine.db"]) writeFileSync(join(folder, "_backups", name), "x");
  addMigration("29990101000000_later", `ALTER TABLE "Job" ADD COLUMN "colour" TEXT;`);
  await upgrade();
  const kept = backups();
  expect(kept).toHaveLength(4);
  expect(kept).toEqual(expect.arrayContaining(["mine.db", ...earlier.slice(1)]));
});

test("a backup that cannot be written stops the migration, in one sentence, and changes nothing", async () => {
  await givenOldDatabase();
  writeFileSync(join(folder, "_backups"), "a file");
  addMigration("29990101000000_later", `ALTER TABLE "Job" ADD COLUMN "colour" TEXT;`);
  const { code, message } = await refusal();
  expect(code).toBe("DATABASE_UNUSABLE");
  expect(message).toMatch(
    /has to be migrated, and its backup cannot be written to .*_backups: .*\. Nothing was changed\. /,
  );
  expect(columns(file())).not.toContain("colour");
});

test.skipIf(!canMount)(
  "without room for a backup nothing is migrated, nothing is left, and with room it goes on",
  async () => {
    disk = mountSmallDisk("size=48m");
    folder = disk.folder;
    await givenOldDatabase();
    addMigration("29990101000000_later", `ALTER TABLE "Job" ADD COLUMN "colour" TEXT;`);
    writeFileSync(join(folder, "ballast"), Buffer.alloc(38 * 1024 * 1024));
    const { code, message } = await refusal();
    expect(code).toBe("DISK_FULL");
    expect(message).toMatch(
      /has to be migrated, which needs \d+ MB .*, and \d+ MB are free\. Nothing was changed\./,
    );
    expect(backups()).toEqual([]);
    rmSync(join(folder, "ballast"));
    expect(columns(file())).not.toContain("colour");
    await upgrade();
    expect(columns(file())).toContain("colour");
    expect(backups()).toHaveLength(1);
  },
);
