import type { AuditFilter, AuditList, AuditRow } from "@/lib/domain/ports/accounts";
import type { Tables } from "./tables";

export function auditPorts(tables: Tables): AuditList {
  const rows = () =>
    tables.audits.map((entry, index): AuditRow => {
      const { via = null, viaId = null, address = null } = entry.by ?? {};
      return {
        id: index + 1,
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        jobId: entry.jobId ?? null,
        runId: entry.runId ?? null,
        reason: entry.reason ?? null,
        details: entry.details ?? {},
        ...{ via, viaId, address },
        outcome: entry.refused === true ? "refused" : "done",
      };
    });
  return {
    listAudit: async (filter, { before, limit }) =>
      rows()
        .filter(({ id }) => before === null || id < Number(before))
        .filter((row) => isWanted(row, filter))
        .reverse()
        .slice(0, limit + 1),
  };
}

function isWanted(row: AuditRow, { actor, action, jobId, outcome, since, until }: AuditFilter): boolean {
  return (
    (actor === null || row.actor === actor) &&
    (action === null || (action.endsWith(".") ? row.action.startsWith(action) : row.action === action)) &&
    (jobId === null || row.jobId === jobId) &&
    (outcome === null || row.outcome === outcome) &&
    (since === null || row.at >= since) &&
    (until === null || row.at < until)
  );
}
