import type { Sealing } from "@/lib/domain/sealing";
import type { PrismaClient } from "./generated/client";
import type { TransactionClient } from "./generated/internal/prismaNamespace";
import type { Ids } from "./ids";
import type { Reads, Statements } from "./statements";
import type { Waiting } from "./write-queue";

export type Transaction = TransactionClient;

/** The database as the repositories of this room see it. */
export type Store = {
  /** Committed data only. */
  readonly read: PrismaClient;
  /** The same by statements that are kept prepared, for what is asked often. */
  readonly look: Reads;
  /**
   * Runs `work` in a transaction of its own, when it is its turn; throws away everything if it throws. It may be run more than once, each
   * time from the beginning: so it does nothing that is not the transaction's.
   * @param work `db` is the same transaction, for what is written on many ways
   * @throws AppError DATABASE_LOCKED, DATABASE_BUSY, DISK_FULL, REQUEST_ABANDONED, and what `work` throws
   */
  write<Result>(work: (tx: Transaction, db: Statements) => Promise<Result>): Promise<Result>;
  /**
   * The same for what happens to every run: in prepared statements, a tenth of the work, and without anything to wait for. Those that wait
   * at the same time share a transaction; each is still all or nothing by itself, and none is answered before all of it is on disk.
   */
  change<Result extends AtOnce>(work: (db: Statements) => Result): Promise<Result>;
  /** To be awaited every now and then where much is changed in a row, so that no commit has to copy it all (`lib/store/checkpoints.ts`). */
  checkpoint(): Promise<void>;
  /** Ids for new rows. */
  readonly ids: Ids;
  /** For what is a secret. */
  readonly sealing: Sealing;
  /** The same database for writes that wait in another line, or that are dropped once they are not wanted any more; housekeeping at first. */
  as(how: Partial<Waiting>): Store;
};

/** Anything but a promise: the transaction would be over before it. */
export type AtOnce =
  // biome-ignore lint/suspicious/noConfusingVoidType: what a function without an answer returns.
  void | undefined | null | string | number | boolean | (object & { readonly then?: never });
