import type { RecoveryRecord } from "../auto-recovery";
import type { JobId, RunId } from "../ids";
import type { AuditEntry } from "./audit";
import type { JobWithNewest } from "./jobs";
import type { RunEventEntry } from "./runs";

/** A decision about a job's recovery, with what it leaves behind. */
export type RecoveryChange = {
  /** null: the streak is over. */
  readonly record: RecoveryRecord | null;
  readonly audit: AuditEntry | null;
  /** For the history of the run that ended. */
  readonly event: (RunEventEntry & { readonly runId: RunId }) | null;
};

export type RecoveryFound = JobWithNewest & { readonly record: RecoveryRecord | null };

export type Recoveries = {
  findRecovery(id: JobId): Promise<RecoveryRecord | null>;
  /** Jobs that wait for their next attempt. */
  listWaitingRecoveries(): Promise<JobId[]>;
  /**
   * Decides on what is there in the transaction that writes the decision.
   * @param decide null: nothing is to be changed
   * @returns what was decided; null when nothing was, or there is no such job
   */
  decideRecovery<Change extends RecoveryChange>(
    id: JobId,
    decide: (found: RecoveryFound) => Change | null,
  ): Promise<Change | null>;
};
