import Database from "better-sqlite3";

/**
 * A process beside the dashboard (`checkpoints.ts`): copies what was committed from the write-ahead log into the database file whenever it is
 * asked to. It waits for no lock: what a reader or a writer is in the way of is copied the next time. It ends with its parent.
 */

// Its parent decides when it ends; a Ctrl-C in the terminal or systemd's SIGTERM reaches the parent, too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

const database = new Database(process.argv[2], { fileMustExist: true, timeout: 0 });

process.on("message", () => {
  try {
    database.pragma("wal_checkpoint(PASSIVE)");
  } catch {
    // On a full disk, for example: then SQLite does it itself within a commit, and reports it there.
  }
  process.send?.("done", () => undefined);
});
process.on("disconnect", () => {
  database.close();
  process.exit();
});
