import { isAppError } from "@/lib/domain/errors";
import type { Connection } from "./connection";
import { meansNoRoom, noRoom } from "./no-room";
import { type SlowStatement, timed } from "./slow-statements";
import { type Statements, statementsOn } from "./statements";
import type { AtOnce, Transaction } from "./transaction";

/** The two ways to a transaction on the one connection that writes. The queue sees to it that there is one at a time. */
export type Writer = {
  /** Prisma's. */
  write<Result>(work: (tx: Transaction, db: Statements) => Promise<Result>): Promise<Result>;
  /** Prepared statements only, and nothing that has to be waited for. */
  change<Result extends AtOnce>(work: (db: Statements) => Result): Result;
};

const TIMES = { timeout: 60_000, maxWait: 60_000 };

/** @throws AppError DISK_FULL instead of SQLite's own words for it; anything else as it is */
export function writerOn(
  { prisma, database }: Connection,
  file: string,
  slow: (statement: SlowStatement) => void,
): Writer {
  const db = statementsOn(database, slow);
  const run = (text: string) => timed(text, () => database.exec(text), slow);
  /** A COMMIT that failed has left its transaction open. Some failures end it: SQLite has rolled back by itself then. */
  const rollBack = () => {
    if (database.inTransaction) run("ROLLBACK");
  };
  const told = (error: unknown) => (!isAppError(error) && meansNoRoom(error) ? noRoom(file, error) : error);
  return {
    write: async (work) => {
      rollBack();
      try {
        return await prisma.$transaction((tx) => work(tx, db), TIMES);
      } catch (error) {
        throw told(error);
      }
    },
    change: (work) => {
      rollBack();
      try {
        // At once the only writer: else a lock of another program would be met in the middle, after what was read has become old.
        run("BEGIN IMMEDIATE");
        const result = work(db);
        run("COMMIT");
        return result;
      } catch (error) {
        rollBack();
        throw told(error);
      }
    },
  };
}
