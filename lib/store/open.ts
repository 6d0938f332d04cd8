import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { whoAsks } from "@/lib/asking";
import { AppError } from "@/lib/domain/errors";
import { type Sealing, UNSEALED } from "@/lib/domain/sealing";
import { type ChangedJobs, changedJobs } from "./changed-jobs";
import { checkpointsOf } from "./checkpoints";
import { type Connection, connectTo } from "./connection";
import { isCorrupt, isLocked } from "./failure-code";
import { readIds } from "./ids";
import { bringUpToDate } from "./migrate";
import { meansNoRoom, noRoom } from "./no-room";
import { keepFromOthers } from "./private-file";
import type { SlowStatement } from "./slow-statements";
import { readsOn } from "./statements";
import type { Store } from "./transaction";
import { LIMITS, type QueueLimits, type Waiting, writeQueue } from "./write-queue";
import { type Writer, writerOn } from "./writer";

export type StoreOptions = {
  /** Called with each statement that held up the event loop. */
  readonly slow?: (slow: SlowStatement) => void;
  readonly limits?: QueueLimits;
  /** What secrets are sealed with; without it they are kept as they are. */
  readonly sealing?: Sealing;
};

export type OpenedStore = Store & {
  readonly takeChangedJobs: ChangedJobs["take"];
  /** What was overwritten lies in the file, or in the log beside it, until both are written: done at once, as far as no reader is in the way. */
  writeThrough(): void;
  close(): Promise<void>;
};

/** Checking every page of a larger file would hold up the start; the pages that are read get checked as they are read. */
const FULL_CHECK_UP_TO_BYTES = 256 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5_000;

/** SQLite waits for a lock by holding up the whole process, so it waits briefly and the queue asks again. */
const WRITER_BUSY_TIMEOUT_MS = 20;

/**
 * Opens the database, making or migrating it where needed. A file that is corrupt, newer than this program or locked by
 * another one is left exactly as it is.
 * @param root the folder that holds prisma/ and node_modules/
 * @throws AppError DATABASE_CORRUPT, DATABASE_NEWER, DATABASE_LOCKED or DATABASE_UNUSABLE
 */
export async function openStore(
  root: string,
  file: string,
  options: StoreOptions = {},
): Promise<OpenedStore> {
  try {
    const hasHistory = existsSync(file) && statSync(file).size > 0 && inspect(file);
    await bringUpToDate(root, file, hasHistory);
    // SQLite makes the files beside it with the same mode.
    for (const suffix of ["", "-wal", "-shm"]) keepFromOthers(`${file}${suffix}`);
    return await connect(root, file, options);
  } catch (error) {
    throw translate(error, file);
  }
}

/** @returns whether it has a history of migrations; an empty file has none */
function inspect(file: string): boolean {
  const database = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const pragma = statSync(file).size <= FULL_CHECK_UP_TO_BYTES ? "quick_check(1)" : "schema_version";
    const answer = database.pragma(pragma, { simple: true });
    if (pragma !== "schema_version" && answer !== "ok") throw corrupt(file, String(answer));
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    if (tables.includes("_prisma_migrations")) return true;
    if (tables.length === 0) return false;
    const message = `The database ${file} is not one of Unstuck's: it has the tables ${tables.slice(0, 5).join(", ")}. Nothing was changed. Choose another UNSTUCK_DATA_DIR.`;
    throw new AppError("DATABASE_UNUSABLE", message, { file });
  } finally {
    database.close();
  }
}

/**
 * Two connections. Prisma's adapter would let a plain query slip into whichever transaction is open on its connection, so
 * writes happen only in transactions on the one, and reads only on the other, which sees committed data alone.
 */
async function connect(
  root: string,
  file: string,
  { slow = () => undefined, limits = LIMITS, sealing = UNSEALED }: StoreOptions,
): Promise<OpenedStore> {
  const opened: Connection[] = [];
  const checkpoints = checkpointsOf(root, file);
  const close = async () => {
    await checkpoints.close();
    await Promise.allSettled(opened.splice(0).map((connection) => connection.close()));
  };
  try {
    const writer = await connectTo(file, WRITER_BUSY_TIMEOUT_MS, slow);
    opened.unshift(writer);
    const reader = await connectTo(file, BUSY_TIMEOUT_MS, slow);
    opened.unshift(reader);
    prepare(writer.database, reader.database);
    const look = readsOn(reader.database, slow);
    const ids = readIds(look);
    const changed = changedJobs(writer.database);
    const writing = writerOn(writer, file, slow, changed.transactionOver);
    const store = storeOf(
      { read: reader.prisma, look, ids, checkpoint: checkpoints.make, sealing },
      writing,
      file,
      limits,
    );
    const writeThrough = () => void writer.database.pragma("wal_checkpoint(TRUNCATE)");
    return { ...store, takeChangedJobs: changed.take, writeThrough, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function prepare(writer: Database.Database, reader: Database.Database): void {
  writer.pragma("journal_mode = WAL");
  // A state change must survive a power cut, not only a crash of ours.
  writer.pragma("synchronous = FULL");
  writer.pragma("foreign_keys = ON");
  // What was deleted is overwritten: else the secrets of a deleted job would stay in the file until their page is used again.
  writer.pragma("secure_delete = ON");
  // Savepoints and our triggers would keep in a temporary file what they may have to undo, and a stop must be written down even when no
  // file can be opened.
  writer.pragma("temp_store = MEMORY");
  reader.pragma("query_only = ON");
  // Changes nothing but needs the right to write: in WAL mode another program's lock is met at the first write only.
  writer.exec('UPDATE "Worker" SET "epoch" = "epoch" WHERE FALSE');
}

type Fixed = Pick<Store, "read" | "look" | "ids" | "checkpoint" | "sealing">;

function storeOf(fixed: Fixed, writer: Writer, file: string, limits: QueueLimits): Store {
  const held = { isHeld: isLocked, refusal: (cause: unknown) => locked(file, cause) };
  const queue = writeQueue(held, writer.together, limits);
  const store = (how: Waiting): Store => ({
    ...fixed,
    // Who asks is known now: when its turn comes, another request may be going on.
    write: (work) => {
      const db = { ...writer.db, asked: whoAsks() };
      return queue.alone(how, () => writer.write((tx) => work(tx, db)));
    },
    change: (work) => {
      const db = { ...writer.db, asked: whoAsks() };
      return queue.together(how, () => work(db));
    },
    as: (other) => store({ ...how, ...other }),
  });
  return store({ urgency: "housekeeping" });
}

function locked(file: string, cause: unknown): AppError {
  const message = `The database ${file} is locked by another program. Close that program; Unstuck tries again automatically.`;
  return new AppError("DATABASE_LOCKED", message, { file }, { cause });
}

function translate(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  if (isCorrupt(error)) return corrupt(file, "it is not readable as SQLite", error);
  if (isLocked(error)) return locked(file, error);
  if (meansNoRoom(error)) return noRoom(file, error);
  const message = `The database ${file} could not be opened: ${error instanceof Error ? error.message : String(error)}. Nothing was changed. Check its permissions and free disk space.`;
  return new AppError("DATABASE_UNUSABLE", message, { file }, { cause: error });
}

function corrupt(file: string, finding: string, cause?: unknown): AppError {
  const message = `The database ${file} is damaged (${finding}). Nothing was changed and nothing was started. Put a backup in its place, or move the file away to start with an empty one.`;
  return new AppError("DATABASE_CORRUPT", message, { file, finding }, { cause });
}
