import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { fromJob } from "@/lib/store/job-rows";
import { findJob } from "@/lib/store/jobs";
import { openStore } from "@/lib/store/open";
import { fromRun } from "@/lib/store/rows";
import { findRun } from "@/lib/store/runs";
import { applyMigrations, readMigrations, withSchemaEngine } from "@/lib/store/schema-engine.mjs";
import { aJob, aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";

const ROOT = process.cwd();
const FIRST_WITH_THEM = "20261129140000_parameters";

/** As better-sqlite3 takes it, and as the store writes it. */
function toCell(value: unknown): string | number | bigint | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return value ? 1 : 0;
  return value as string | number | bigint | null;
}

function insert(database: Database.Database, table: string, row: Readonly<Record<string, unknown>>): void {
  const there = new Set(
    (database.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name),
  );
  const cells = Object.entries(row).filter(([name]) => there.has(name));
  const names = cells.map(([name]) => `"${name}"`).join(", ");
  const marks = cells.map(() => "?").join(", ");
  database
    .prepare(`INSERT INTO "${table}" (${names}) VALUES (${marks})`)
    .run(...cells.map(([, value]) => toCell(value)));
}

test("a database of before there were parameters comes up with its jobs and runs: none are declared, and none are known", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "unstuck.db");
  const earlier = join(folder, "earlier");
  cpSync(join(ROOT, "prisma"), join(earlier, "prisma"), { recursive: true });
  const migrations = join(earlier, "prisma/migrations");
  for (const name of readdirSync(migrations).filter((one) => /^\d/.test(one) && one >= FIRST_WITH_THEM))
    rmSync(join(migrations, name), { recursive: true });
  await withSchemaEngine({ root: ROOT, databaseFile: file }, (engine) =>
    applyMigrations(engine, readMigrations(earlier)),
  );
  const job = aJob({ argv: ["crawl", "{{shop}}"] });
  const run = aRun("failed", { jobId: job.id });
  const { parameters: _, parametersSecret: _names, parametersBefore: _before, ...spec } = run.spec;
  const before = new Database(file);
  insert(before, "Job", { ...fromJob(job), newestRunId: null, deletingSince: null });
  insert(before, "Run", { ...fromRun(run, false), spec: JSON.stringify(spec) });
  before.prepare('UPDATE "Job" SET "newestRunId" = ?').run(run.id);
  before.close();
  const store = await openStore(ROOT, file);
  try {
    expect(await findJob(store, job.id)).toMatchObject({
      job: { argv: ["crawl", "{{shop}}"], parameters: null },
      newest: { id: run.id },
    });
    expect((await findRun(store, run.id))?.spec).toEqual({ ...run.spec, parameters: null });
    expect(await store.read.runSecret.count()).toBe(0);
  } finally {
    await store.close();
  }
});
