import type { PrismaClient } from "./generated/client";
import type { TransactionClient } from "./generated/internal/prismaNamespace";
import type { Ids } from "./ids";

export type Transaction = TransactionClient;

/** The database as the repositories of this room see it. */
export type Store = {
  /** Committed data only. */
  readonly read: PrismaClient;
  /** Runs `work` in a transaction of its own, after every one asked for before it; throws away everything if it throws. */
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Ids for new rows. */
  readonly ids: Ids;
};
