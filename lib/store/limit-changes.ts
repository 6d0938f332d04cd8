import type { AuditEntry } from "@/lib/domain/ports/audit";
import { writeAudit } from "./audit";
import { giveTurns } from "./queue";
import type { Store } from "./transaction";

/** Sets a limit, and asks at once who may go under it. Lowering stops no run. */
export function setLimit(
  store: Store,
  limit: { readonly name: string; readonly maxRuns: number },
  audit: AuditEntry,
  now: number,
): Promise<void> {
  return store.write(async (tx, db) => {
    const { name, maxRuns } = limit;
    await tx.concurrencyLimit.upsert({ where: { name }, create: { name, maxRuns }, update: { maxRuns } });
    writeAudit(db, audit, now);
    giveTurns(db, now);
  });
}

/** @returns false when there was none */
export function removeLimit(store: Store, name: string, audit: AuditEntry, now: number): Promise<boolean> {
  return store.write(async (tx, db) => {
    if ((await tx.concurrencyLimit.deleteMany({ where: { name } })).count === 0) return false;
    writeAudit(db, audit, now);
    giveTurns(db, now);
    return true;
  });
}
