import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Store, Transaction } from "./transaction";

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
