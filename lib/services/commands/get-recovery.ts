import { isArmed, type RecoveryRecord } from "@/lib/domain/auto-recovery";
import type { JobId } from "@/lib/domain/ids";
import type { Here } from "@/lib/domain/ports/host";
import type { Recoveries } from "@/lib/domain/ports/recoveries";
import { isActive, type Run } from "@/lib/domain/run";
import { type FindJob, jobNotFound } from "./get-job";

export type JobRecovery = {
  readonly job: JobId;
  readonly enabled: boolean;
  readonly maxAttempts: number;
  readonly record: RecoveryRecord | null;
};

/** @throws AppError JOB_NOT_FOUND */
export async function getRecovery(
  ctx: FindJob & Pick<Recoveries, "findRecovery"> & Pick<Here, "recoveryLimits">,
  id: JobId,
): Promise<JobRecovery> {
  const [found, record] = await Promise.all([ctx.findJob(id), ctx.findRecovery(id)]);
  if (found === null) throw jobNotFound(id);
  const { job, newest } = found;
  return {
    job: id,
    enabled: isArmed(job),
    maxAttempts: ctx.recoveryLimits.attempts,
    record: record !== null && speaksOf(record, newest) ? record : null,
  };
}

/** A run that was cleaned or settled since has nothing to recover, whatever was planned. */
function speaksOf(record: RecoveryRecord, newest: Run | null): boolean {
  if (newest === null) return true;
  return record.runId === newest.id && (isActive(newest.state) || newest.unsettled);
}
