import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { openStore } from "@/lib/store/open";
import { temporaryFolder } from "@/test/folders";

const ROOT = process.cwd();
const NAME = "20261128200000_lists_of_runs";
const STEPS = readFileSync(join(ROOT, `prisma/migrations/${NAME}/migration.sql`), "utf8")
  .replaceAll(/^--.*$/gm, "")
  .split(";")
  .map((step) => step.trim())
  .filter((step) => step !== "");
const BEFORE = `
  DROP INDEX "Run_jobId_state_id_queuedAt_idx";
  DROP INDEX "Run_offTime_idx";
  CREATE INDEX "Run_id_jobId_state_queuedAt_idx" ON "Run"("id", "jobId", "state", "queuedAt");
  CREATE INDEX "Run_jobId_id_state_queuedAt_idx" ON "Run"("jobId", "id", "state", "queuedAt");`;

function inFile<Result>(file: string, work: (database: Database.Database) => Result): Result {
  const database = new Database(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const indexes = (file: string) =>
  inFile(file, (database) =>
    database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name").all(),
  );

test("the migration that makes the indexes of lists has something to be cut off from", () => {
  expect(STEPS).toHaveLength(4);
});

for (const done of STEPS.keys())
  test(`an upgrade that was killed after ${done} of the steps that make indexes is finished by the next start`, async () => {
    const folder = temporaryFolder();
    const file = join(folder, "unstuck.db");
    await (await openStore(ROOT, file)).close();
    const wanted = indexes(file);
    inFile(file, (database) => {
      database.exec(BEFORE);
      for (const step of STEPS.slice(0, done)) database.exec(step);
      const unfinished = "UPDATE _prisma_migrations SET finished_at = NULL, applied_steps_count = 0";
      expect(database.prepare(`${unfinished} WHERE migration_name = ?`).run(NAME).changes).toBe(1);
    });
    await (await openStore(ROOT, file)).close();
    expect(indexes(file)).toEqual(wanted);
    // The first start made one, of the database as it was before; only three are kept.
    expect(existsSync(join(folder, "_backups"))).toBe(false);
    await (await openStore(ROOT, file)).close();
  });
