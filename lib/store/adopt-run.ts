import { AppError } from "@/lib/domain/errors";
import type { JobId, RunId } from "@/lib/domain/ids";
import { type Job, lockNames } from "@/lib/domain/job";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Run } from "@/lib/domain/run";
import { writeAudit } from "./audit";
import { toJob } from "./job-rows";
import { acquireAll } from "./locks";
import { giveTurns } from "./queue";
import { fromRun, toRun } from "./rows";
import { appendEvent } from "./run-events";
import type { Store } from "./transaction";

/**
 * Writes a run that is made of processes already there: running from the start, with all its locks, its event and its audit row in
 * one transaction. Limits on how many may run do not count: what they would keep from starting runs already.
 * @returns the run; the active run of the job that is in the way; null when there is no such job
 * @throws AppError STRAY_REFUSED when a lock is held
 */
export function insertAdopted(
  store: Store,
  jobId: JobId,
  decide: (job: Job, newest: Run | null) => Run,
  event: Readonly<Record<string, unknown>>,
  audit: (run: Run) => AuditEntry,
  now: number,
): Promise<{ readonly run: Run } | { readonly active: RunId } | null> {
  return store.write(async (tx, db) => {
    const row = await tx.job.findUnique({
      where: { id: jobId, deletingSince: null },
      include: { newestRun: true },
    });
    if (row === null) return null;
    const active = await tx.run.findUnique({ where: { activeKey: jobId }, select: { id: true } });
    if (active !== null) return { active: active.id as RunId };
    const newest = row.newestRun === null ? null : toRun(row.newestRun);
    const run = decide(toJob(row), newest);
    // Its work goes on, so what became of it is decided; and of what the job did last, too.
    for (const id of [newest?.id, run.parentRunId])
      if (id != null) await tx.run.updateMany({ where: { id, unsettled: true }, data: { unsettled: false } });
    await tx.run.create({ data: fromRun(run, true) });
    await tx.job.update({ where: { id: jobId }, data: { newestRunId: run.id } });
    const names = lockNames(jobId, run.spec.locks, run.spec.pidFile);
    const taken = acquireAll(db, run.id, names, now);
    // Thrown, so that all of the above is undone.
    if (taken !== null) throw lockHeld(jobId, taken);
    appendEvent(db, run.id, { type: "stray_adopted", data: event }, now);
    writeAudit(db, audit(run), now);
    // Who waits for one of these locks now waits for this run.
    giveTurns(db, now);
    return { run };
  });
}

function lockHeld(job: JobId, { name, heldBy }: { name: string; heldBy: string }): AppError {
  return new AppError(
    "STRAY_REFUSED",
    `It cannot be adopted: the lock ${name}, which every run of job "${job}" holds, is held by ${heldBy}. Nothing was changed. Stop ${heldBy} first.`,
    { job, lock: name, heldBy },
  );
}
