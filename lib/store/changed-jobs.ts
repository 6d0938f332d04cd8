import type { Database } from "better-sqlite3";
import type { JobId } from "@/lib/domain/ids";
import { stored } from "./stored";

/** Which jobs have been changed, in their own row or in one of their runs. */
export type ChangedJobs = {
  /** To be called after each transaction, however it ended. */
  transactionOver(): void;
  /** What was committed since it was asked last; `"all"` at first, and after another program has written to the file. Costs microseconds. */
  take(): ReadonlySet<JobId> | "all";
};

const TOUCHED = "unstuck_touched";
const TABLES = [
  ["Job", "id"],
  ["Run", "jobId"],
] as const;
const CHANGES = [
  ["INSERT", "NEW"],
  ["UPDATE", "NEW"],
  ["DELETE", "OLD"],
] as const;

/**
 * Told by the database itself, by triggers that live as long as this connection: no write can be forgotten, whichever code it comes from.
 * @param writer the one connection that writes
 */
export function changedJobs(writer: Database): ChangedJobs {
  const touched = new Set<JobId>();
  const committed = new Set<JobId>();
  let version: unknown = null;
  writer.function(TOUCHED, (id: unknown) => {
    touched.add(stored<JobId>(id));
    return null;
  });
  for (const [table, column] of TABLES)
    for (const [change, row] of CHANGES)
      writer.exec(
        `CREATE TEMP TRIGGER "${TOUCHED}_${table}_${change}" AFTER ${change} ON main."${table}"
         BEGIN SELECT ${TOUCHED}(${row}."${column}"); END`,
      );
  // Moves only when another connection than this one has committed, and the only other one of ours cannot write.
  const dataVersion = writer.prepare("PRAGMA data_version").pluck();
  return {
    transactionOver() {
      for (const id of touched) committed.add(id);
      touched.clear();
    },
    take() {
      const now = dataVersion.get();
      const ids = new Set(committed);
      committed.clear();
      if (now === version) return ids;
      version = now;
      return "all";
    },
  };
}
