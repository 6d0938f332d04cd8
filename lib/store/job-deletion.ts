import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { JobDeletion } from "@/lib/domain/ports/jobs";
import { isActive } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { toShownRun } from "./rows";
import { anyOf } from "./sql";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

/** Few enough that a page takes a few milliseconds. */
const RUNS_AT_ONCE = 25;
const ROWS_AT_ONCE = 250;

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

/** Deletes the rows of a job's runs, the newest first, and then the job; logs and checkpoints stay on disk. */
export async function deleteRest(store: Store, id: JobId, goOn: () => boolean = () => true): Promise<void> {
  while (goOn() && (await store.change((db) => deletePage(db, id)))) await nextTurn();
}

/** @returns whether there is more */
function deletePage(db: Statements, id: JobId): boolean {
  if (db.one`SELECT 1 FROM "Job" WHERE "id" = ${id} AND "deletingSince" IS NOT NULL` === null) return false;
  const page = db.all<{ id: RunId }>`
    SELECT "id" FROM "Run" WHERE "jobId" = ${id} ORDER BY "id" DESC LIMIT ${RUNS_AT_ONCE}`;
  const runs = page.map((run) => run.id);
  if (runs.length === 0) {
    db.change`DELETE FROM "Job" WHERE "id" = ${id}`;
    return false;
  }
  if (deleteWhatHangsOn(db, runs)) db.change`DELETE FROM "Run" WHERE "id" IN ${anyOf(runs)}`;
  return true;
}

/** Points and events of runs, as many as one page takes. @returns whether none is left */
export function deleteWhatHangsOn(db: Statements, runs: readonly RunId[]): boolean {
  const samples = db.change`
    DELETE FROM "UsageSample" WHERE rowid IN (
      SELECT rowid FROM "UsageSample" WHERE "runId" IN ${anyOf(runs)} LIMIT ${ROWS_AT_ONCE})`;
  if (samples === ROWS_AT_ONCE) return false;
  const events = db.change`
    DELETE FROM "RunEvent" WHERE "id" IN (
      SELECT "id" FROM "RunEvent" WHERE "runId" IN ${anyOf(runs)} LIMIT ${ROWS_AT_ONCE})`;
  return events < ROWS_AT_ONCE;
}
