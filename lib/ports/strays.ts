import type { App } from "@/lib/booted";
import { wallClock } from "@/lib/clock";
import type { JobId } from "@/lib/domain/ids";
import type { Job } from "@/lib/domain/job";
import type { NewOutsideStop, OutsideStop, StopOutcome } from "@/lib/domain/outside-stop";
import type { Run } from "@/lib/domain/run";
import { insertAdopted } from "@/lib/store/adopt-run";
import type { AuditEntry } from "@/lib/store/audit";
import { findImported, insertImported } from "@/lib/store/imports";
import { closeStop, openStop } from "@/lib/store/outside-stops";

/** What adoption, and taking over other systems' records, ask of the process. */
export function straysOf({ store, supervisor }: App) {
  const { findStrays, findStray, endStray, adoptStray } = supervisor;
  return {
    findStrays,
    findStray,
    endStray,
    adoptStray,
    openStop: (stop: NewOutsideStop, audit: AuditEntry) =>
      openStop(store, supervisor.worker, stop, audit, wallClock()),
    closeStop: (stop: Pick<OutsideStop, "id">, outcome: StopOutcome, why: string | null) =>
      closeStop(store, stop, outcome, why, wallClock()),
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
