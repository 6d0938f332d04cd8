import {
  isArmed,
  type RecoveryAction,
  type RecoveryRecord,
  type RecoveryState,
} from "@/lib/domain/auto-recovery";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { RecoveryChange, RecoveryFound } from "@/lib/domain/ports/recoveries";
import { afterSettings, afterStart, gaveUpAlert } from "@/lib/domain/recovery-follow";
import type { Run } from "@/lib/domain/run";
import { writeAlert } from "./alerts";
import { writeAudit } from "./audit";
import type { Recovery as RecoveryRow } from "./generated/client";
import { toJob } from "./job-rows";
import { toRun } from "./rows";
import { appendEvent } from "./run-events";
import type { Statements } from "./statements";
import type { Store, Transaction } from "./transaction";

export async function findRecovery(store: Store, jobId: JobId): Promise<RecoveryRecord | null> {
  const row = store.look.one<RecoveryRow>`SELECT * FROM "Recovery" WHERE "jobId" = ${jobId}`;
  return row === null ? null : toRecord(row);
}

/**
 * Decides on rows read in the transaction that writes the decision.
 * @param decide null: nothing is to be changed
 * @returns what was decided; null when nothing was, or there is no such job
 */
export function decideRecovery<Change extends RecoveryChange>(
  store: Store,
  jobId: JobId,
  decide: (found: RecoveryFound) => Change | null,
  now: number,
): Promise<Change | null> {
  return store.write(async (tx, db) => {
    const row = await tx.job.findUnique({
      where: { id: jobId, deletingSince: null },
      include: { newestRun: true, recovery: true },
    });
    if (row === null) return null;
    const newest = row.newestRun === null ? null : toRun(row.newestRun);
    const record = row.recovery === null ? null : toRecord(row.recovery);
    const change = decide({ job: toJob(row), newest, record });
    if (change === null) return null;
    save(db, jobId, change, now);
    if (change.record?.state === "gave_up")
      writeAlert(db, gaveUpAlert(change.record, store.ids.alert(now), now));
    return change;
  });
}

/** Jobs that wait for their next attempt. */
export async function listWaitingRecoveries(store: Store): Promise<JobId[]> {
  const rows = await store.read.recovery.findMany({ where: { state: "waiting" }, select: { jobId: true } });
  return rows.map(({ jobId }) => jobId as JobId);
}

/** Newest runs of jobs that recover by themselves, which ended unwanted and whose end needs a decision. */
export async function listUndecidedEnds(store: Store): Promise<Run[]> {
  const jobs = await store.read.job.findMany({
    where: {
      deletingSince: null,
      enabled: true,
      autoRecover: true,
      newestRun: { is: { unsettled: true } },
      OR: [{ recovery: null }, { recovery: { is: { state: "idle" } } }],
    },
    include: { newestRun: true },
  });
  return jobs.flatMap(({ newestRun }) => (newestRun === null ? [] : [toRun(newestRun)]));
}

/**
 * What a new run does to its job's recovery, in the transaction that queues the run, so that a plan is carried out once.
 * @param before the job's newest run until now
 * @throws AppError NOTHING_TO_RESUME when the recovery was called off, or another request has decided about `before`
 */
export function followStart(db: Statements, run: Run, before: Run | null, now: number): void {
  const row = db.one<RecoveryRow>`SELECT * FROM "Recovery" WHERE "jobId" = ${run.jobId}`;
  const change = afterStart(row === null ? null : toRecord(row), run, before);
  if (change !== null) save(db, run.jobId, change, now);
}

/** What new settings do to it. */
export async function followSettings(
  tx: Transaction,
  db: Statements,
  before: Job,
  after: Job,
  actor: string,
  now: number,
): Promise<void> {
  if (isArmed(before) === isArmed(after)) return;
  const row = await tx.job.findUniqueOrThrow({
    where: { id: after.id },
    include: { newestRun: true, recovery: true },
  });
  const newest = row.newestRun === null ? null : toRun(row.newestRun);
  const record = row.recovery === null ? null : toRecord(row.recovery);
  const change = afterSettings(before, { job: after, newest, record }, actor);
  if (change !== null) save(db, after.id, change, now);
}

function save(db: Statements, jobId: JobId, { record, audit, event }: RecoveryChange, now: number): void {
  if (record === null) db.change`DELETE FROM "Recovery" WHERE "jobId" = ${jobId}`;
  else {
    const row = fromRecord(record);
    if (db.update("Recovery", { jobId }, row) === 0) db.insert("Recovery", row);
  }
  if (event !== null) appendEvent(db, event.runId, event, now);
  if (audit !== null) writeAudit(db, audit, now);
}

function fromRecord(record: RecoveryRecord): RecoveryRow {
  const { since, nextAt } = record;
  return {
    ...record,
    since: since === null ? null : new Date(since),
    nextAt: nextAt === null ? null : new Date(nextAt),
  };
}

/** The columns hold what `fromRecord` wrote. */
function toRecord(row: RecoveryRow): RecoveryRecord {
  return {
    ...row,
    jobId: row.jobId as JobId,
    runId: row.runId as RunId | null,
    state: row.state as RecoveryState,
    nextAction: row.nextAction as RecoveryAction | null,
    since: row.since?.getTime() ?? null,
    nextAt: row.nextAt?.getTime() ?? null,
  };
}
