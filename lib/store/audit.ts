import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

/** For what changes no row of ours: a request before it is carried out, a deed of the supervisor after it. */
export function recordAudit(store: Store, entry: AuditEntry, now: number): Promise<void> {
  return store.change((db) => writeAudit(db, entry, now));
}

export function writeAudit(db: Statements, entry: AuditEntry, now: number): void {
  db.insert("Audit", {
    at: new Date(now),
    actor: entry.actor,
    action: entry.action,
    jobId: entry.jobId ?? null,
    runId: entry.runId ?? null,
    reason: entry.reason ?? null,
    details: JSON.stringify(entry.details ?? {}),
  });
}
