import type { App } from "@/lib/booted";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";
import { insertAdopted } from "@/lib/store/adopt-run";
import type { AuditEntry } from "@/lib/store/audit";
import { findImported, insertImported } from "@/lib/store/imports";

/** What adoption, and taking over other systems' records, ask of the process. */
export function straysOf({ store, supervisor }: App) {
  const { findStrays, findStray, endStray, adoptStray } = supervisor;
  return {
    findStrays,
    findStray,
    endStray,
    adoptStray,
    insertAdopted: (
      id: JobId,
      decide: (job: Job, newest: Run | null) => Run,
      event: Readonly<Record<string, unknown>>,
      audit: (run: Run) => AuditEntry,
      now: number,
    ) => insertAdopted(store, id, decide, event, audit, now),
    findImported: (source: string, externalIds: readonly string[]) =>
      findImported(store, source, externalIds),
    insertImported: (runs: readonly Run[], audit: AuditEntry, now: number) =>
      insertImported(store, runs, audit, now),
  };
}
