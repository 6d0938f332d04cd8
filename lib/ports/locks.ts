import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { RunId } from "@/lib/domain/ids";
import type { LockKind } from "@/lib/domain/lock";
import type { Run } from "@/lib/domain/run";
import { type AuditEntry, recordAudit } from "@/lib/store/audit";
import { removeLimit, setLimit } from "@/lib/store/limit-changes";
import { listCapacities } from "@/lib/store/limits";
import { findLock, type HeldLock, listLocks, takeAwayLock } from "@/lib/store/lock-list";
import { readQueue } from "@/lib/store/queue";

/** What the services of locks and limits ask of the process. */
export function locksOf({ store, supervisor }: App) {
  return {
    listLocks: (kind: LockKind | null, page: { after: string | null; limit: number }) =>
      listLocks(store, kind, page),
    findLock: (name: string) => findLock(store, name),
    takeAwayLock: (
      lock: HeldLock & { readonly holder: Run },
      event: Readonly<Record<string, unknown>>,
      audit: AuditEntry,
      now: number,
    ) => takeAwayLock(store, lock, event, audit, now),
    proveGone: (id: RunId) => supervisor.proveGone(id),
    writeAudit: (audit: AuditEntry) => recordAudit(store, audit, wallClock()),
    listQueue: () => readQueue(store.read),
    listCapacities: () => listCapacities(store.read),
    setLimit: (limit: { name: string; maxRuns: number }, audit: AuditEntry, now: number) =>
      setLimit(store, limit, audit, now),
    removeLimit: (name: string, audit: AuditEntry, now: number) => removeLimit(store, name, audit, now),
  };
}
