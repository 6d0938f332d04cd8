import { isAppError } from "@/lib/domain/errors";
import type { Connection } from "./connection";
import { isLocked } from "./failure-code";
import { meansNoRoom, noRoom } from "./no-room";
import { type SlowStatement, timed } from "./slow-statements";
import { type Statements, statementsOn } from "./statements";
import type { Transaction } from "./transaction";

/** The two ways to a transaction on the one connection that writes. The queue sees to it that there is one at a time. */
export type Writer = {
  /** In prepared statements, while a transaction is open. */
  readonly db: Omit<Statements, "asked">;
  /** One transaction of Prisma's. */
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /**
   * One transaction of statements for many, of which each is undone by itself when it throws.
   * @param next the next of them; null: that was the last
   * @returns what became of each, in their order, once all that is in it is on disk
   * @throws what went wrong with the transaction as a whole: nothing of any of them was kept
   */
  together(next: () => (() => unknown) | null): readonly PromiseSettledResult<unknown>[];
};

const TIMES = { timeout: 60_000, maxWait: 60_000 };

/**
 * @param over called after each transaction, however it ended
 * @throws AppError DISK_FULL instead of SQLite's own words for it; anything else as it is
 */
export function writerOn(
  { prisma, database }: Connection,
  file: string,
  slow: (statement: SlowStatement) => void,
  over: () => void,
): Writer {
  const db = statementsOn(database, slow);
  const kept = (text: string) => {
    const statement = database.prepare(text);
    return () => timed(text, () => statement.run(), slow);
  };
  // At once the only writer: else a lock of another program would be met in the middle, after what was read has become old.
  const begin = kept("BEGIN IMMEDIATE");
  const [commit, rollBack] = [kept("COMMIT"), kept("ROLLBACK")];
  const [save, release, undo] = [kept('SAVEPOINT "one"'), kept('RELEASE "one"'), kept('ROLLBACK TO "one"')];
  /** A COMMIT that failed has left its transaction open. Some failures end it: SQLite has rolled back by itself then. */
  const leave = () => {
    if (database.inTransaction) rollBack();
  };
  const told = (error: unknown) => (!isAppError(error) && meansNoRoom(error) ? noRoom(file, error) : error);

  function one(work: () => unknown): PromiseSettledResult<unknown> {
    save();
    try {
      const value = work();
      release();
      return { status: "fulfilled", value };
    } catch (error) {
      // What ends the transaction, or means that it cannot go on, is no matter of this one alone.
      if (!database.inTransaction || isLocked(error)) throw error;
      undo();
      release();
      return { status: "rejected", reason: told(error) };
    }
  }

  return {
    db,
    write: async (work) => {
      leave();
      try {
        return await prisma.$transaction(work, TIMES);
      } catch (error) {
        throw told(error);
      } finally {
        over();
      }
    },
    together: (next) => {
      leave();
      try {
        begin();
        const became: PromiseSettledResult<unknown>[] = [];
        for (let work = next(); work !== null; work = next()) became.push(one(work));
        commit();
        return became;
      } catch (error) {
        leave();
        throw told(error);
      } finally {
        over();
      }
    },
  };
}
