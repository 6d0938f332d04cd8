import type { JobId } from "@/lib/domain/ids";
import type { Jobs, JobWithNewest } from "@/lib/domain/ports/jobs";
import type { Recoveries, RecoveryChange } from "@/lib/domain/ports/recoveries";
import { afterSettings, gaveUpAlert } from "@/lib/domain/recovery-follow";
import { isActive } from "@/lib/domain/run";
import { saveAlert } from "./stuck";
import {
  appendEvent,
  atOnce,
  byId,
  newestOf,
  type Tables,
  withEntry,
  withoutEntry,
  writeAudit,
} from "./tables";

export function jobPorts(tables: Tables): Jobs {
  const sorted = () => byId(tables.jobs.values(), ({ job }) => job.id);
  const found = (id: JobId): JobWithNewest | null => {
    const entry = tables.jobs.get(id);
    return entry === undefined ? null : { job: entry.job, newest: newestOf(tables, id) };
  };
  return {
    findJob: async (id) => found(id),
    listJobs: async ({ after, limit }) =>
      sorted()
        .map(({ job }) => job)
        .filter(({ id }) => id > (after ?? ""))
        .slice(0, limit + 1),
    listJobsWithNewest: async () => sorted().flatMap(({ job }) => found(job.id) ?? []),
    listJobsWithPidFile: async () => sorted().flatMap(({ job }) => (job.pidFile === null ? [] : [job])),
    insertJob: async (job, secrets, audit) => {
      if (tables.jobs.has(job.id)) return false;
      tables.jobs = withEntry(tables.jobs, job.id, { job, secrets, newest: null });
      writeAudit(tables, audit, job.createdAt);
      return true;
    },
    updateJob: async (id, version, change, audit) =>
      atOnce(tables, () => {
        const entry = tables.jobs.get(id);
        if (entry === undefined) return null;
        if (entry.job.version !== version) return { ok: false, job: entry.job };
        const { job, secrets } = change(entry.job, entry.secrets);
        tables.jobs = withEntry(tables.jobs, id, { ...entry, job, secrets });
        writeAudit(tables, audit, job.updatedAt);
        const after = { job, newest: newestOf(tables, id), record: tables.recoveries.get(id) ?? null };
        const streak = afterSettings(entry.job, after, audit.actor);
        if (streak !== null) saveRecovery(tables, id, streak, job.updatedAt);
        return { ok: true, job };
      }),
    deleteJob: async (id, audit, now) => {
      const entry = found(id);
      if (entry === null) return { deleted: false, active: null };
      if (entry.newest !== null && isActive(entry.newest.state))
        return { deleted: false, active: entry.newest };
      tables.jobs = withoutEntry(tables.jobs, id);
      tables.recoveries = withoutEntry(tables.recoveries, id);
      writeAudit(tables, audit, now);
      return { deleted: true };
    },
  };
}

export function saveRecovery(
  tables: Tables,
  id: JobId,
  { record, event, audit }: RecoveryChange,
  now: number,
): void {
  tables.recoveries =
    record === null ? withoutEntry(tables.recoveries, id) : withEntry(tables.recoveries, id, record);
  if (event !== null) appendEvent(tables, event.runId, event.type, event.data, now);
  if (audit !== null) writeAudit(tables, audit, now);
}

export function recoveryPorts(
  tables: Tables,
  clock: () => number,
  newAlertId: (now: number) => string,
): Recoveries {
  return {
    findRecovery: async (id) => tables.recoveries.get(id) ?? null,
    listWaitingRecoveries: async () =>
      [...tables.recoveries].flatMap(([id, { state }]) => (state === "waiting" ? [id] : [])),
    decideRecovery: async (id, decide) =>
      atOnce(tables, () => {
        const entry = tables.jobs.get(id);
        if (entry === undefined) return null;
        const record = tables.recoveries.get(id) ?? null;
        const change = decide({ job: entry.job, newest: newestOf(tables, id), record });
        if (change === null) return null;
        const now = clock();
        saveRecovery(tables, id, change, now);
        if (change.record?.state === "gave_up")
          saveAlert(tables, gaveUpAlert(change.record, newAlertId(now), now));
        return change;
      }),
  };
}
