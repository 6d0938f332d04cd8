import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Statements } from "./statements";
import type { Store } from "./transaction";

/** For what changes no row of ours: a request before it is carried out, a deed of the supervisor after it. */
export function recordAudit(store: Store, entry: AuditEntry, now: number): Promise<void> {
  return store.change((db) => writeAudit(db, entry, now));
}

/** What no one asked for may have begun while a request was answered, so only what is done in the name of who asks is said to be theirs. */
export function writeAudit(db: Statements, entry: AuditEntry, now: number): void {
  const { via, viaId, address } = entry.by ?? (db.asked?.name === entry.actor ? db.asked : NO_ONE);
  db.insert("Audit", {
    at: new Date(now),
    actor: entry.actor,
    action: entry.action,
    jobId: entry.jobId ?? null,
    runId: entry.runId ?? null,
    reason: entry.reason ?? null,
    details: JSON.stringify(entry.details ?? {}),
    via,
    viaId,
    address,
    outcome: entry.refused === true ? "refused" : "done",
  });
}

const NO_ONE = { via: null, viaId: null, address: null };
