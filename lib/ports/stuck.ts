import type { App } from "@/lib/booted";
import type { RunId } from "@/lib/domain/ids";
import { acknowledgeAlert, listAlerts, type StoredAlert } from "@/lib/store/alerts";
import type { AuditEntry } from "@/lib/store/audit";
import { fencesOf } from "@/lib/store/lock-list";
import { readStuckCheck, saveStuckCheck, toldRuns } from "@/lib/store/stuck-checks";
import {
  countUnsettled,
  listUnsettled,
  newestAmong,
  saveVerdicts,
  type UnsettledFilter,
} from "@/lib/store/unsettled";

/** What the list of stuck runs, the periodic check and its alerts ask of the process. */
export function stuckOf({ store }: App) {
  return {
    fencesOf: (id: RunId) => fencesOf(store, id),
    listUnsettled: (filter: UnsettledFilter, page: { before: string | null; limit: number }) =>
      listUnsettled(store, filter, page),
    countUnsettled: (filter: UnsettledFilter) => countUnsettled(store, filter),
    newestAmong: (ids: readonly RunId[]) => newestAmong(store, ids),
    saveVerdicts: (verdicts: Parameters<typeof saveVerdicts>[1]) => saveVerdicts(store, verdicts),
    lastStuckCheck: async () => {
      const row = await readStuckCheck(store);
      return row === null || row.found === null ? null : { at: row.at, found: row.found };
    },
    toldRuns: () => toldRuns(store),
    saveStuckCheck: (
      found: number,
      alert: Omit<StoredAlert, "acknowledgedAt" | "acknowledgedBy"> | null,
      audit: AuditEntry,
      now: number,
    ) => saveStuckCheck(store, found, alert, audit, now),
    listAlerts: (openOnly: boolean, page: { before: string | null; limit: number }) =>
      listAlerts(store, openOnly, page),
    acknowledgeAlert: (id: string, audit: AuditEntry, now: number) => acknowledgeAlert(store, id, audit, now),
  };
}
