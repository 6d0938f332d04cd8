import { AppError } from "@/lib/domain/errors";
import { isUpToDate, newestApplied } from "./applied-migrations";
import { backUp, demandRoomToMigrate } from "./back-up";
import { applyMigrations, diagnose, forget, readMigrations, withSchemaEngine } from "./schema-engine.mjs";

/**
 * Applies the migrations a database lacks, once there is a backup of it (back-up.ts). Without one nothing is migrated. A start that was
 * killed while it made indexes has made that backup: the next one goes on.
 * @param hasHistory false for a database without any table yet
 * @throws AppError DATABASE_NEWER when a newer program has been here, DATABASE_UNUSABLE when its history does not fit ours or no backup
 * can be written, DISK_FULL when there is no room for one
 */
export async function bringUpToDate(root: string, databaseFile: string, hasHistory: boolean): Promise<void> {
  const migrations = readMigrations(root);
  if (hasHistory && isUpToDate(databaseFile, migrations)) return;
  await withSchemaEngine({ root, databaseFile }, async (engine) => {
    if (hasHistory) {
      const found = await diagnose(engine, migrations);
      refuseUnfit(databaseFile, found, migrations);
      if (found.failedMigrationNames.length === 0)
        await backUp(databaseFile, newestApplied(databaseFile), new Date());
      else demandRoomToMigrate(databaseFile);
      for (const name of found.failedMigrationNames) await forget(engine, name);
    }
    await applyMigrations(engine, migrations);
  });
}

type Migrations = ReturnType<typeof readMigrations>;

function refuseUnfit(
  databaseFile: string,
  found: Awaited<ReturnType<typeof diagnose>>,
  migrations: Migrations,
): void {
  const halfDone = found.failedMigrationNames.filter((name) => !isRepeatable(name, migrations));
  if (halfDone.length > 0)
    throw unusable(databaseFile, `the migration ${halfDone.join(", ")} did not finish`);
  if (found.editedMigrationNames.length > 0) {
    throw unusable(
      databaseFile,
      `the migration ${found.editedMigrationNames.join(", ")} differs from the one applied`,
    );
  }
  if (found.history !== null && found.history.diagnostic !== "databaseIsBehind") {
    throw newer(databaseFile, found.history.unpersistedMigrationNames);
  }
}

const REPEATABLE = /^(DROP INDEX IF EXISTS|CREATE INDEX IF NOT EXISTS) /;

/** Whether each of its steps makes or drops an index, and does nothing where that was done before. */
function isRepeatable(name: string, { migrationDirectories }: Migrations): boolean {
  const content = migrationDirectories.find(({ path }) => path === name)?.migrationFile.content;
  if (content?.tag !== "ok") return false;
  const steps = content.value.replaceAll(/^--.*$/gm, "").split(";");
  return steps.map((step) => step.trim()).every((step) => step === "" || REPEATABLE.test(step));
}

function newer(file: string, names: readonly string[]): AppError {
  const message = `The database ${file} was written by a newer Unstuck (it has ${names.join(", ")}). Nothing was changed. Start the newer version, or use another UNSTUCK_DATA_DIR.`;
  return new AppError("DATABASE_NEWER", message, { file, migrations: names });
}

function unusable(file: string, why: string): AppError {
  return new AppError(
    "DATABASE_UNUSABLE",
    `The database ${file} cannot be brought up to date: ${why}. Put back the backup made before the upgrade: the newest of _backups/ beside it, or your own.`,
    { file },
  );
}
