import type { JobId, RunId } from "@/lib/domain/ids";
import type { Store, Transaction } from "./transaction";

/** Who did what and why; written in the transaction of the deed. */
export type AuditEntry = {
  readonly actor: string;
  readonly action: string;
  readonly jobId?: JobId;
  readonly runId?: RunId;
  readonly reason?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** For what changes no row of ours: a request before it is carried out, a deed of the supervisor after it. */
export function recordAudit(store: Store, entry: AuditEntry, now: number): Promise<void> {
  return store.write((tx) => writeAudit(tx, entry, now));
}

export async function writeAudit(tx: Transaction, entry: AuditEntry, now: number): Promise<void> {
  await tx.audit.create({
    data: {
      at: new Date(now),
      actor: entry.actor,
      action: entry.action,
      jobId: entry.jobId ?? null,
      runId: entry.runId ?? null,
      reason: entry.reason ?? null,
      details: JSON.stringify(entry.details ?? {}),
    },
  });
}
