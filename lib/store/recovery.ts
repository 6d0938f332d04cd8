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
import type { Store, Transaction } from "./transaction";

export async function findRecovery(store: Store, jobId: JobId): Promise<RecoveryRecord | null> {
  const row = await store.read.recovery.findUnique({ where: { jobId } });
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
  return store.write(async (tx) => {
    const row = await tx.job.findUnique({
      where: { id: jobId, deletingSince: null },
      include: { newestRun: true, recovery: true },
    });
    if (row === null) return null;
    const newest = row.newestRun === null ? null : toRun(row.newestRun);
    const record = row.recovery === null ? null : toRecord(row.recovery);
    const change = decide({ job: toJob(row), newest, record });
    if (change === null) return null;
    await save(tx, jobId, change, now);
    if (change.record?.state === "gave_up")
      await writeAlert(tx, gaveUpAlert(change.record, store.ids.alert(now), now));
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
export async function followStart(tx: Transaction, run: Run, before: Run | null, now: number): Promise<void> {
  const row = await tx.recovery.findUnique({ where: { jobId: run.jobId } });
  const change = afterStart(row === null ? null : toRecord(row), run, before);
  if (change !== null) await save(tx, run.jobId, change, now);
}

/** What new settings do to it. */
export async function followSettings(
  tx: Transaction,
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
  if (change !== null) await save(tx, after.id, change, now);
}

async function save(
  tx: Transaction,
  jobId: JobId,
  { record, audit, event }: RecoveryChange,
  now: number,
): Promise<void> {
  if (record === null) await tx.recovery.deleteMany({ where: { jobId } });
  else {
    const data = fromRecord(record);
    await tx.recovery.upsert({ where: { jobId }, create: data, update: data });
  }
  if (event !== null) await appendEvent(tx, event.runId, event, now);
  if (audit !== null) await writeAudit(tx, audit, now);
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
