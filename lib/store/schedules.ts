import type { JobId, ScheduleId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type {
  DueSchedule,
  PlannedSchedule,
  ScheduleChange,
  ScheduleFilter,
} from "@/lib/domain/ports/schedules";
import type { NextSlot, Schedule } from "@/lib/domain/schedule";
import { writeAudit } from "./audit";
import type { Schedule as Row } from "./generated/client";
import { fromSchedule, toSchedule } from "./schedule-rows";
import { dropOpenSlots } from "./slots";
import type { Store } from "./transaction";

/** @returns null: there is no such job, or it is being deleted */
export function insertSchedule(
  store: Store,
  schedule: Schedule,
  next: NextSlot | null,
  audit: AuditEntry,
): Promise<Schedule | null> {
  return store.change((db) => {
    const job = db.one`SELECT 1 FROM "Job" WHERE "id" = ${schedule.jobId} AND "deletingSince" IS NULL`;
    if (job === null) return null;
    db.insert("Schedule", fromSchedule(schedule, next));
    writeAudit(db, audit, schedule.createdAt);
    return schedule;
  });
}

/**
 * Changes a schedule that was not changed meanwhile. Times of before that were not started are dropped: a changed schedule fires no old one.
 * @param change sees it as it is in the transaction that writes it
 * @returns null: there is none; `ok: false`: it was changed meanwhile
 */
export function updateSchedule(
  store: Store,
  id: ScheduleId,
  version: number,
  change: (schedule: Schedule) => PlannedSchedule,
  audit: AuditEntry,
  now: number,
): Promise<ScheduleChange | null> {
  return store.change((db): ScheduleChange | null => {
    const row = db.one<Row>`SELECT * FROM "Schedule" WHERE "id" = ${id}`;
    if (row === null) return null;
    const before = toSchedule(row);
    if (before.version !== version) return { ok: false, schedule: before };
    const { schedule, next } = change(before);
    const { id: _id, ...rest } = fromSchedule(schedule, next);
    db.update("Schedule", { id }, rest);
    dropOpenSlots(db, id, "The schedule was changed before it came to that.", now);
    writeAudit(db, audit, now);
    return { ok: true, schedule };
  });
}

/** @returns the schedule that was; null: there is none */
export function deleteSchedule(
  store: Store,
  id: ScheduleId,
  audit: (schedule: Schedule) => AuditEntry,
  now: number,
): Promise<Schedule | null> {
  return store.change((db) => {
    const row = db.one<Row>`SELECT * FROM "Schedule" WHERE "id" = ${id}`;
    if (row === null) return null;
    const schedule = toSchedule(row);
    db.change`DELETE FROM "Slot" WHERE "scheduleId" = ${id}`;
    db.change`DELETE FROM "Schedule" WHERE "id" = ${id}`;
    writeAudit(db, audit(schedule), now);
    return schedule;
  });
}

export async function findSchedule(store: Store, id: ScheduleId): Promise<PlannedSchedule | null> {
  const row = store.look.one<Row>`SELECT * FROM "Schedule" WHERE "id" = ${id}`;
  return row === null ? null : planned(row);
}

/** By the next time, those without one last. */
export async function listSchedules(
  store: Store,
  { jobId, jobs }: ScheduleFilter,
): Promise<readonly PlannedSchedule[]> {
  const rows = store.look.all<Row>`
    SELECT s.* FROM "Schedule" s JOIN "Job" j ON j."id" = s."jobId" AND j."deletingSince" IS NULL
    ORDER BY s."nextDueAt" IS NULL, s."nextDueAt", s."id"`;
  const isWanted = (row: Row) =>
    (jobId === null || row.jobId === jobId) && (jobs?.includes(row.jobId as JobId) ?? true);
  return rows.filter(isWanted).map(planned);
}

/** When the next of all is due; null: none will be. */
export async function findNextDue(store: Store): Promise<number | null> {
  const row = store.look.one<{ at: bigint | number | null }>`
    SELECT "nextDueAt" AS "at" FROM "Schedule" WHERE "nextDueAt" IS NOT NULL ORDER BY "nextDueAt" LIMIT 1`;
  return row?.at == null ? null : Number(row.at);
}

/** Those that are due by then, the oldest first. */
export async function listDue(store: Store, now: number, limit: number): Promise<readonly DueSchedule[]> {
  const rows = store.look.all<Row>`
    SELECT * FROM "Schedule" WHERE "nextDueAt" <= ${now} ORDER BY "nextDueAt" LIMIT ${limit}`;
  return rows.map(planned).flatMap(({ schedule, next }) => (next === null ? [] : [{ schedule, next }]));
}

function planned(row: Row): PlannedSchedule {
  const [slot, dueAt] = [row.nextSlot, row.nextDueAt];
  const next = slot === null || dueAt === null ? null : { slot: Number(slot), dueAt: Number(dueAt) };
  return { schedule: toSchedule(row), next };
}
