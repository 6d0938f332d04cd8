import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { applyMigrations, readMigrations, withSchemaEngine } from "@/lib/store/schema-engine.mjs";
import { temporaryFolder } from "@/test/folders";

const ROOT = process.cwd();
const NAME = "20261128080000_launcher_columns";

const JOB = `INSERT INTO "Job" ("id","title","kind","argv","cwd","env","startMs","silenceMs","stopGraceMs","onSilence","locks","tags","createdAt","updatedAt")
  VALUES ('old','Old','command','[]','/','{}',1,1,1,'stop','[]','[]',1,1)`;
const RUN = `INSERT INTO "Run" ("id","jobId","state","trigger","actor","lineageId","spec","token","queuedAt","activeKey","shimPid","shimTicks")
  VALUES (?,'old',?,'api','me','x','{}','t',1,?,?,?)`;

const triggersOf = (database: InstanceType<typeof Database>) =>
  database.prepare(`SELECT "name", "sql" FROM sqlite_master WHERE "type" = 'trigger' ORDER BY "name"`).all();

test("the launcher of each run is known after the update, and the rules of the table still hold", async () => {
  const databaseFile = join(temporaryFolder(), "old.db");
  const all = readMigrations(ROOT);
  const before = all.migrationDirectories.filter(({ path }) => path < NAME);
  expect(before.length).toBeLessThan(all.migrationDirectories.length);
  await withSchemaEngine({ root: ROOT, databaseFile }, (engine) =>
    applyMigrations(engine, { ...all, migrationDirectories: before }),
  );
  const old = new Database(databaseFile);
  old.exec(JOB);
  old.prepare(RUN).run("alive", "running", "old", 4_711, 9_007_199_254_740_991n);
  old.prepare(RUN).run("over", "succeeded", null, null, null);
  const triggers = triggersOf(old);
  old.close();
  await withSchemaEngine({ root: ROOT, databaseFile }, (engine) => applyMigrations(engine, all));
  const database = new Database(databaseFile);
  expect(
    database.prepare(`SELECT "id", "launcherPid", "launcherTicks" FROM "Run" ORDER BY "id"`).all(),
  ).toEqual([
    { id: "alive", launcherPid: 4_711, launcherTicks: Number.MAX_SAFE_INTEGER },
    { id: "over", launcherPid: null, launcherTicks: null },
  ]);
  expect(triggers).not.toEqual([]);
  expect(triggersOf(database)).toEqual(expect.arrayContaining(triggers));
  expect(() => database.exec(`UPDATE "Run" SET "state" = 'running' WHERE "id" = 'over'`)).toThrow(
    /activeKey must be set/,
  );
  database.close();
});
