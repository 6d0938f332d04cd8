import type { FolderFacts, Unconfirmed } from "@/lib/domain/folder";
import type { WorkerId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { CLAIMED_STATES, type HostInstance } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import type { Worker as Row } from "./generated/client";
import { anyOf } from "./sql";
import type { Store } from "./transaction";

export type WorkerRegistration = {
  readonly id: WorkerId;
  readonly hostname: string;
  readonly hostInstance: HostInstance;
  readonly pid: number;
};

/** What the only worker was called before workers had ids of their own. */
const BEFORE_IDS = "local";

/**
 * Records that this worker is here; answers its new epoch, one higher than any before it. Live runs of a version that did not
 * record the worker become its own: that version had one worker, on this machine.
 */
export function registerWorker(store: Store, worker: WorkerRegistration, now: number): Promise<number> {
  const { id, hostname, hostInstance, pid } = worker;
  return store.change((db) => {
    const epochOf = (who: string) =>
      db.one<Pick<Row, "epoch">>`SELECT "epoch" FROM "Worker" WHERE "id" = ${who}`?.epoch ?? 0;
    const epoch = (epochOf(id) || epochOf(BEFORE_IDS)) + 1;
    db.change`
      INSERT INTO "Worker" ("id", "hostname", "hostInstance", "epoch", "pid", "startedAt", "heartbeatAt")
      VALUES (${id}, ${hostname}, ${hostInstance}, ${epoch}, ${pid}, ${now}, ${now})
      ON CONFLICT ("id") DO UPDATE SET "hostname" = excluded."hostname", "hostInstance" = excluded."hostInstance",
        "epoch" = excluded."epoch", "pid" = excluded."pid", "startedAt" = excluded."startedAt",
        "heartbeatAt" = excluded."heartbeatAt"`;
    db.change`DELETE FROM "Worker" WHERE "id" = ${BEFORE_IDS}`;
    db.change`
      UPDATE "Run" SET "workerId" = ${id} WHERE "workerId" IS NULL AND "state" IN ${anyOf(CLAIMED_STATES)}`;
    return epoch;
  });
}

export type KnownWorker = {
  readonly id: WorkerId;
  /** Epoch milliseconds of its last sign of life. */
  readonly heartbeatAt: number;
  /** Its data folder, as it was known to be the live one; null: never taken down. */
  readonly folder: FolderFacts | null;
  /** null: there is no doubt about the folder. */
  readonly unconfirmed: Unconfirmed | null;
};

/** That worker, else the one that registered last; null: none has yet. */
export async function findWorker(store: Store, id: WorkerId | null): Promise<KnownWorker | null> {
  const row =
    store.look.one<Row>`SELECT * FROM "Worker" WHERE "id" = ${id}` ??
    store.look.one<Row>`SELECT * FROM "Worker" WHERE "id" <> ${BEFORE_IDS} ORDER BY "startedAt" DESC LIMIT 1`;
  if (row === null) return null;
  return {
    id: row.id as WorkerId,
    heartbeatAt: row.heartbeatAt.getTime(),
    folder: row.folder === null ? null : (JSON.parse(row.folder) as FolderFacts),
    unconfirmed: row.unconfirmed === null ? null : (JSON.parse(row.unconfirmed) as Unconfirmed),
  };
}

/** Whether there is neither a job nor a run. */
export async function isEmpty(store: Store): Promise<boolean> {
  return (
    store.look.one`SELECT 1 FROM "Job" LIMIT 1` === null &&
    store.look.one`SELECT 1 FROM "Run" LIMIT 1` === null
  );
}

/** Takes down which folder is the worker's live one. @param audit of a person's word for it; null: it never was in doubt */
export async function saveLiveFolder(
  store: Store,
  id: WorkerId,
  folder: FolderFacts,
  audit: AuditEntry | null,
  now: number,
): Promise<void> {
  await store.change((db) => {
    db.change`UPDATE "Worker" SET "folder" = ${JSON.stringify(folder)}, "unconfirmed" = NULL WHERE "id" = ${id}`;
    if (audit !== null) writeAudit(db, audit, now);
  });
}

/** Takes down that the folder is in doubt, until a person says otherwise. */
export async function saveDoubt(store: Store, id: WorkerId, doubt: Unconfirmed): Promise<void> {
  await store.change(
    (db) => db.change`UPDATE "Worker" SET "unconfirmed" = ${JSON.stringify(doubt)} WHERE "id" = ${id}`,
  );
}

export async function beat(store: Store, id: WorkerId, now: number): Promise<void> {
  await store.change((db) => db.change`UPDATE "Worker" SET "heartbeatAt" = ${now} WHERE "id" = ${id}`);
}

/** Changes nothing. @throws AppError DATABASE_LOCKED, DISK_FULL and what else keeps a change out */
export async function proveWritable(store: Store): Promise<void> {
  await store.change(() => undefined);
}
