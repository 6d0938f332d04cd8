import type { Audits } from "@/lib/domain/ports/audit";
import type { Environments } from "@/lib/domain/ports/environment";
import type { Alerts, NewAlert, StuckChecks, Unsettled, UnsettledFilter } from "@/lib/domain/ports/stuck";
import type { Run } from "@/lib/domain/run";
import { byId, saveRun, type Tables, withEntry, writeAudit } from "./tables";

/** An alert names so many runs at most. */
const NAMED_IN_ALERT = 20;

export function saveAlert(tables: Tables, alert: NewAlert): void {
  const row = { ...alert, acknowledgedAt: null, acknowledgedBy: null };
  tables.alerts = withEntry(tables.alerts, alert.id, row);
}

function unsettledOf(tables: Tables, { olderThan, jobs, tags }: UnsettledFilter): Run[] {
  const tagsOf = ({ jobId }: Run) => tables.jobs.get(jobId)?.job.tags ?? [];
  return byId(tables.runs.values(), ({ id }) => id)
    .reverse()
    .filter(({ unsettled }) => unsettled)
    .filter(({ state, verdict }) => state === "interrupted" || verdict === "resumable" || verdict === null)
    .filter(({ startedAt, queuedAt }) => olderThan == null || (startedAt ?? queuedAt) < olderThan)
    .filter(({ jobId }) => jobs == null || jobs.includes(jobId))
    .filter((run) => tags == null || tagsOf(run).some((tag) => tags.includes(tag)));
}

export function stuckPorts(tables: Tables): Unsettled & StuckChecks & Alerts {
  return {
    listUnsettled: async (filter, { before, limit }) =>
      unsettledOf(tables, filter)
        .filter(({ id }) => before === null || id < before)
        .slice(0, limit + 1),
    countUnsettled: async (filter) => {
      const counts = { resumable: 0, dead: 0, complete: 0, unknown: 0, unread: 0, superseded: 0 };
      for (const { id, jobId, verdict } of unsettledOf(tables, filter))
        counts[tables.jobs.get(jobId)?.newest === id ? (verdict ?? "unread") : "superseded"] += 1;
      return counts;
    },
    saveVerdicts: async (verdicts) => {
      for (const { runId, verdict, resumeFrom, at } of verdicts) {
        const run = tables.runs.get(runId);
        if (run !== undefined) saveRun(tables, { ...run, verdict, resumeFrom, verdictAt: at });
      }
    },
    lastStuckCheck: async () => tables.stuckCheck,
    toldRuns: async () => tables.toldRuns,
    saveStuckCheck: async (found, alert, audit, now) => {
      tables.stuckCheck = { at: now, found };
      if (alert !== null) {
        saveAlert(tables, { ...alert, runs: alert.runs.slice(0, NAMED_IN_ALERT) });
        tables.toldRuns = alert.runs;
      }
      writeAudit(tables, audit, now);
    },
    listAlerts: async (openOnly, { before, limit }) =>
      byId(tables.alerts.values(), ({ id }) => id)
        .reverse()
        .filter(({ acknowledgedAt }) => !openOnly || acknowledgedAt === null)
        .filter(({ id }) => before === null || id < before)
        .slice(0, limit + 1),
    acknowledgeAlert: async (id, audit, now) => {
      const alert = tables.alerts.get(id);
      if (alert === undefined || alert.acknowledgedAt !== null) return alert ?? null;
      const acknowledged = { ...alert, acknowledgedAt: now, acknowledgedBy: audit.actor };
      tables.alerts = withEntry(tables.alerts, id, acknowledged);
      writeAudit(tables, audit, now);
      return acknowledged;
    },
  };
}

export function smallPorts(tables: Tables, clock: () => number): Audits & Environments {
  return {
    recordAudit: async (entry) => writeAudit(tables, entry, clock()),
    environmentPolicy: async () => tables.environment,
    useEnvironment: async (use, audit, now) => {
      const before = tables.environment;
      if (use === "recorded" && before.recordedAt === null) return null;
      if (before.use === use) return before;
      tables.environment = { ...before, use };
      writeAudit(tables, audit, now);
      return tables.environment;
    },
  };
}
