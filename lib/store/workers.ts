import type { FolderFacts, Unconfirmed } from "@/lib/domain/folder";
import type { WorkerId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { ACTIVE_STATES, type HostInstance } from "@/lib/domain/run";
import { writeAudit } from "./audit";
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
  const seen = { ...worker, startedAt: new Date(now), heartbeatAt: new Date(now) };
  return store.write(async (tx) => {
    const earlier = await tx.worker.findUnique({ where: { id: BEFORE_IDS } });
    const row = await tx.worker.upsert({
      where: { id: worker.id },
      create: { ...seen, epoch: (earlier?.epoch ?? 0) + 1 },
      update: { ...seen, epoch: { increment: 1 } },
    });
    if (earlier !== null) await tx.worker.delete({ where: { id: BEFORE_IDS } });
    await tx.run.updateMany({
      where: { workerId: null, state: { in: ACTIVE_STATES.filter((state) => state !== "queued") } },
      data: { workerId: worker.id },
    });
    return row.epoch;
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
  const newest = { where: { id: { not: BEFORE_IDS } }, orderBy: { startedAt: "desc" } } as const;
  const row =
    (id === null ? null : await store.read.worker.findUnique({ where: { id } })) ??
    (await store.read.worker.findFirst(newest));
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
  return (await store.read.job.findFirst()) === null && (await store.read.run.findFirst()) === null;
}

/** Takes down which folder is the worker's live one. @param audit of a person's word for it; null: it never was in doubt */
export async function saveLiveFolder(
  store: Store,
  id: WorkerId,
  folder: FolderFacts,
  audit: AuditEntry | null,
  now: number,
): Promise<void> {
  await store.write(async (tx, db) => {
    await tx.worker.update({ where: { id }, data: { folder: JSON.stringify(folder), unconfirmed: null } });
    if (audit !== null) writeAudit(db, audit, now);
  });
}

/** Takes down that the folder is in doubt, until a person says otherwise. */
export async function saveDoubt(store: Store, id: WorkerId, doubt: Unconfirmed): Promise<void> {
  await store.write((tx) =>
    tx.worker.update({ where: { id }, data: { unconfirmed: JSON.stringify(doubt) } }),
  );
}

export async function beat(store: Store, id: WorkerId, now: number): Promise<void> {
  await store.change((db) => db.change`UPDATE "Worker" SET "heartbeatAt" = ${now} WHERE "id" = ${id}`);
}
