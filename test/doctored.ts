import { join } from "node:path";
import Database from "better-sqlite3";
import type { Answer } from "./server";

/** Reads or changes the database behind the product's back, as a restored backup or a reboot would have left it. */
export function inDatabase<Result>(dataDir: string, work: (database: Database.Database) => Result): Result {
  const database = new Database(join(dataDir, "unstuck.db"));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

export function rowOf(dataDir: string, runId: string): Answer {
  return inDatabase(dataDir, (database) => database.prepare('SELECT * FROM "Run" WHERE "id" = ?').get(runId));
}

/** Sets columns of a run's row. */
export function doctor(
  dataDir: string,
  runId: string,
  columns: Readonly<Record<string, string | number | null>>,
): void {
  const names = Object.keys(columns);
  const sets = names.map((name) => `"${name}" = @${name}`).join(", ");
  inDatabase(dataDir, (database) =>
    database.prepare(`UPDATE "Run" SET ${sets} WHERE "id" = @runId`).run({ ...columns, runId }),
  );
}
