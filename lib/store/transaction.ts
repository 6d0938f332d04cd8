import type { PrismaClient } from "./generated/client";
import type { TransactionClient } from "./generated/internal/prismaNamespace";
import type { Ids } from "./ids";
import type { Waiting } from "./write-queue";

export type Transaction = TransactionClient;

/** The database as the repositories of this room see it. */
export type Store = {
  /** Committed data only. */
  readonly read: PrismaClient;
  /**
   * Runs `work` in a transaction of its own, when it is its turn; throws away everything if it throws. It may be run more than once, each
   * time from the beginning: so it does nothing that is not the transaction's.
   * @throws AppError DATABASE_LOCKED, DATABASE_BUSY, DISK_FULL, REQUEST_ABANDONED, and what `work` throws
   */
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Ids for new rows. */
  readonly ids: Ids;
  /** The same database for writes that wait in another line, or that are dropped once they are not wanted any more; housekeeping at first. */
  as(how: Partial<Waiting>): Store;
};
