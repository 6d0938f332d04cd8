import type { AfterEnd, RecoveryLimits, RecoveryRecord } from "@/lib/domain/auto-recovery";
import type { JobId, RunId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";

type Audit = {
  actor: string;
  action: string;
  jobId: JobId;
  runId?: RunId;
  reason: string | null;
  details?: Readonly<Record<string, unknown>>;
};

export type RecoveryChange = {
  readonly record: RecoveryRecord | null;
  readonly audit: Audit | null;
  readonly event: {
    readonly runId: RunId;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  } | null;
};

export type RecoveryFound = {
  readonly job: Job;
  readonly newest: Run | null;
  readonly record: RecoveryRecord | null;
};

export type RecoveryNeeds = {
  now(): number;
  readonly actor: string;
  readonly recoveryLimits: RecoveryLimits;
  /** From 0 up to, but not including, 1. */
  random(): number;
  findRecovery(id: JobId): Promise<RecoveryRecord | null>;
  /** Decides on what is there in the transaction that writes the decision; null when there is nothing to change. */
  decideRecovery<Change extends RecoveryChange>(
    id: JobId,
    decide: (found: RecoveryFound) => Change | null,
  ): Promise<Change | null>;
};

/** What a decision about the end of a run leaves behind for people to read. */
export function told(
  after: AfterEnd,
  ended: Run,
  details: Readonly<Record<string, unknown>>,
): RecoveryChange & { readonly waitMs: number | null } {
  if (after.kind === "over") return { record: null, audit: null, event: null, waitMs: null };
  const { record, kind } = after;
  const { attempts, nextAction: action, reason } = record;
  const waitMs = after.kind === "planned" ? after.waitMs : null;
  const data = waitMs === null ? { attempts, reason } : { action, attempt: attempts + 1, waitMs, reason };
  return {
    record,
    waitMs,
    audit: {
      actor: "system",
      action: `recovery.${kind}`,
      jobId: ended.jobId,
      runId: ended.id,
      reason,
      details: { ...details, ...data },
    },
    event: { runId: ended.id, type: `recovery_${kind}`, data },
  };
}
