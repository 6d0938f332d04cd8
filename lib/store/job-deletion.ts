import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { JobDeletion } from "@/lib/domain/ports/jobs";
import { isActive } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { toShownRun } from "./rows";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

/** SQLite deletes so many in a few milliseconds once their pages are in its cache. */
const RUNS_AT_ONCE = 25;
export const ROWS_AT_ONCE = 250;
/** A page ends after this long, with the run that is being deleted: on a slow disk, and at first, when little is in the cache. */
const PAGE_MS = 8;
/** A page changes some 230 pages of the database file, and with a thousand SQLite copies them all within a commit. */
const PAGES_A_CHECKPOINT = 2;
/** Most jobs have few runs. */
const FIRST_CHECKPOINT = 4;

/**
 * Decides that a job is deleted: from now on there is no such job for anybody. What is left of it goes with `deleteRest`, also after
 * a crash. Refuses while a run is active.
 */
export function beginDeletion(store: Store, id: JobId, audit: AuditEntry, now: number): Promise<JobDeletion> {
  return store.write(async (tx, db) => {
    const row = await tx.job.findUnique({ where: { id, deletingSince: null }, include: { newestRun: true } });
    if (row === null) return { deleted: false, active: null };
    const newest = row.newestRun === null ? null : toShownRun(row.newestRun);
    if (newest !== null && isActive(newest.state)) return { deleted: false, active: newest };
    await tx.job.update({ where: { id }, data: { deletingSince: new Date(now) } });
    await tx.jobSecret.deleteMany({ where: { jobId: id } });
    await tx.recovery.deleteMany({ where: { jobId: id } });
    writeAudit(db, audit, now);
    return { deleted: true };
  });
}

/** Jobs whose deletion was decided on and is not over. */
export async function listDeleting(store: Store): Promise<JobId[]> {
  const rows = await store.read.job.findMany({
    where: { deletingSince: { not: null } },
    select: { id: true },
  });
  return rows.map(({ id }) => id as JobId);
}

/** Deletes the rows of a job's runs, as they stand in its index, and then the job; logs and checkpoints stay on disk. */
export async function deleteRest(store: Store, id: JobId, goOn: () => boolean = () => true): Promise<void> {
  for (let pages = 1; goOn() && (await store.change((db) => deletePage(db, id))); pages += 1) {
    if (pages >= FIRST_CHECKPOINT && pages % PAGES_A_CHECKPOINT === 0) await store.checkpoint();
    await nextTurn();
  }
}

/** @returns whether there is more */
function deletePage(db: Statements, id: JobId): boolean {
  const until = performance.now() + PAGE_MS;
  if (db.one`SELECT 1 FROM "Job" WHERE "id" = ${id} AND "deletingSince" IS NOT NULL` === null) return false;
  const page = db.all<{ id: RunId }>`
    SELECT "id" FROM "Run" INDEXED BY "Run_jobId_state_id_queuedAt_idx" WHERE "jobId" = ${id} LIMIT ${RUNS_AT_ONCE}`;
  if (page.length === 0) {
    db.change`DELETE FROM "Job" WHERE "id" = ${id}`;
    return false;
  }
  let rows = 0;
  for (const run of page) {
    rows += deleteWhatHangsOn(db, run.id, ROWS_AT_ONCE - rows);
    if (rows === ROWS_AT_ONCE) break;
    db.change`DELETE FROM "Run" WHERE "id" = ${run.id}`;
    if (performance.now() > until) break;
  }
  return true;
}

/** Points and events of a run, `most` of them. @returns how many; fewer than `most`: none is left */
export function deleteWhatHangsOn(db: Statements, run: RunId, most = ROWS_AT_ONCE): number {
  const samples = db.change`
    DELETE FROM "UsageSample" WHERE rowid IN (
      SELECT rowid FROM "UsageSample" WHERE "runId" = ${run} LIMIT ${most})`;
  const events = db.change`
    DELETE FROM "RunEvent" WHERE "id" IN (
      SELECT "id" FROM "RunEvent" WHERE "runId" = ${run} LIMIT ${most - samples})`;
  return samples + events;
}
