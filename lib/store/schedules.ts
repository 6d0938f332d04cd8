import type { JobId, RunId, ScheduleId } from "@/lib/domain/ids";
import type { ParameterValues } from "@/lib/domain/parameters";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type {
  DueSchedule,
  OpenSlot,
  PlannedSchedule,
  ScheduleChange,
  ScheduleFilter,
  SlotKey,
  TakenSlot,
} from "@/lib/domain/ports/schedules";
import type {
  DaysOff,
  Missed,
  NextSlot,
  Overlap,
  Schedule,
  ScheduleWhen,
  Slot,
  SlotMode,
  SlotState,
} from "@/lib/domain/schedule";
import { NO_DAYS_OFF } from "@/lib/domain/schedule";
import { writeAudit } from "./audit";
import type { Schedule as Row, Slot as SlotRow } from "./generated/client";
import { anyOf } from "./sql";
import type { Reads, Statements } from "./statements";
import { json, reading, stored } from "./stored";
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

/**
 * Takes the times of a schedule that have come, and says when the next one is. Each can be taken once.
 * @param expected its next time as it was seen
 * @returns false: another has taken it, or it was changed; nothing is written then
 */
export function takeSlots(
  store: Store,
  { id, version }: Pick<Schedule, "id" | "version">,
  expected: NextSlot,
  slots: readonly TakenSlot[],
  next: NextSlot | null,
  now: number,
): Promise<boolean> {
  return store.change((db) => {
    const taken = db.change`
      UPDATE "Schedule" SET "nextSlot" = ${cell(next?.slot)}, "nextDueAt" = ${cell(next?.dueAt)}
      WHERE "id" = ${id} AND "version" = ${version} AND "nextSlot" = ${BigInt(expected.slot)}`;
    if (taken === 0) return false;
    for (const { slot, state, why, count, audit } of slots) {
      db.change`
        INSERT INTO "Slot" ("scheduleId", "slot", "state", "why", "count", "at")
        VALUES (${id}, ${BigInt(slot)}, ${state}, ${why}, ${count}, ${new Date(now)}) ON CONFLICT DO NOTHING`;
      if (audit !== null) writeAudit(db, audit, now);
    }
    return true;
  });
}

/** Says what became of a time that was not decided yet. @returns false: it was, or is gone */
export function settleSlot(
  store: Store,
  { scheduleId, slot }: SlotKey,
  { state, why }: { readonly state: SlotState; readonly why: string },
  audit: AuditEntry,
  now: number,
): Promise<boolean> {
  return store.change((db) => {
    const settled = db.change`
      UPDATE "Slot" SET "state" = ${state}, "why" = ${why}, "at" = ${new Date(now)}
      WHERE "scheduleId" = ${scheduleId} AND "slot" = ${BigInt(slot)} AND "state" IN ${anyOf(OPEN)} AND "state" <> ${state}`;
    if (settled > 0) writeAudit(db, audit, now);
    return settled > 0;
  });
}

const OPEN: readonly SlotState[] = ["due", "waiting"];

/**
 * In the transaction that puts its run in the queue: from then on the time is started, whatever happens.
 * @returns false: it is not open any more
 */
export function startSlot(db: Statements, { scheduleId, slot }: SlotKey, runId: RunId, now: number): boolean {
  const started = db.change`
    UPDATE "Slot" SET "state" = 'started', "runId" = ${runId}, "why" = NULL, "at" = ${new Date(now)}
    WHERE "scheduleId" = ${scheduleId} AND "slot" = ${BigInt(slot)} AND "state" IN ${anyOf(OPEN)}`;
  return started > 0;
}

/** Times that were taken and not decided, of a dashboard that is gone; and those that wait. Oldest first. */
export async function listOpenSlots(store: Store, jobId: JobId | null): Promise<readonly OpenSlot[]> {
  const rows = store.look.all<SlotRow>`
    SELECT * FROM "Slot" WHERE "state" IN ${anyOf(OPEN)} ORDER BY "slot", "scheduleId"`;
  return rows.flatMap((row) => {
    const found = store.look.one<Row>`SELECT * FROM "Schedule" WHERE "id" = ${row.scheduleId}`;
    return found === null || (jobId !== null && found.jobId !== jobId)
      ? []
      : [{ schedule: toSchedule(found), slot: toSlot(row) }];
  });
}

/** Newest first. */
export async function listSlots(
  store: Store,
  id: ScheduleId,
  before: number | null,
  limit: number,
): Promise<readonly Slot[]> {
  const rows = store.look.all<SlotRow>`
    SELECT * FROM "Slot" WHERE "scheduleId" = ${id} AND "slot" < ${BigInt(before ?? Number.MAX_SAFE_INTEGER)}
    ORDER BY "slot" DESC LIMIT ${limit}`;
  return rows.map(toSlot);
}

/** The newest of each, in no order. */
export async function listNewestSlots(store: Store, ids: readonly ScheduleId[]): Promise<readonly Slot[]> {
  // CROSS: schedules first, whose newest slot is the end of an index; the other way round all slots would be read.
  const rows = store.look.all<SlotRow>`
    SELECT t.* FROM "Schedule" s CROSS JOIN "Slot" t ON t."scheduleId" = s."id"
      AND t."slot" = (SELECT max("slot") FROM "Slot" WHERE "scheduleId" = s."id")
    WHERE s."id" IN ${anyOf(ids)}`;
  return rows.map(toSlot);
}

/** Whether a time of this schedule waits for a run of its job to end. */
export async function hasWaitingSlot(store: Store, id: ScheduleId): Promise<boolean> {
  return isWaiting(store.look, id);
}

function isWaiting(db: Reads, id: ScheduleId): boolean {
  return db.one`SELECT 1 FROM "Slot" WHERE "scheduleId" = ${id} AND "state" = 'waiting'` !== null;
}

function dropOpenSlots(db: Statements, id: ScheduleId, why: string, now: number): void {
  db.change`
    UPDATE "Slot" SET "state" = 'skipped', "why" = ${why}, "at" = ${new Date(now)}
    WHERE "scheduleId" = ${id} AND "state" IN ${anyOf(OPEN)}`;
}

function planned(row: Row): PlannedSchedule {
  const [slot, dueAt] = [row.nextSlot, row.nextDueAt];
  const next = slot === null || dueAt === null ? null : { slot: Number(slot), dueAt: Number(dueAt) };
  return { schedule: toSchedule(row), next };
}

/** @throws AppError ROW_UNREADABLE */
function toSchedule(row: Row): Schedule {
  return reading(`schedule ${row.id}`, () => ({
    id: stored<ScheduleId>(row.id),
    jobId: stored<JobId>(row.jobId),
    title: row.title,
    when: json<ScheduleWhen>(row.when),
    timezone: row.timezone,
    daysOff: { ...NO_DAYS_OFF, ...json<Partial<DaysOff>>(row.daysOff) },
    startsAt: row.startsAt?.getTime() ?? null,
    endsAt: row.endsAt?.getTime() ?? null,
    jitterMs: row.jitterMs,
    enabled: row.enabled,
    missed: json<Missed>(row.missed),
    overlap: stored<Overlap>(row.overlap),
    mode: stored<SlotMode>(row.mode),
    args: row.args === null ? null : json<string[]>(row.args),
    parameters: row.parameters === null ? null : json<ParameterValues>(row.parameters),
    version: row.version,
    createdAt: row.createdAt.getTime(),
    updatedAt: row.updatedAt.getTime(),
  }));
}

function fromSchedule(schedule: Schedule, next: NextSlot | null): Row {
  const { id, jobId, title, timezone, jitterMs, enabled, overlap, mode, version } = schedule;
  return {
    ...{ id, jobId, title, timezone, jitterMs, enabled, overlap, mode, version },
    when: JSON.stringify(schedule.when),
    daysOff: JSON.stringify(schedule.daysOff),
    startsAt: schedule.startsAt === null ? null : new Date(schedule.startsAt),
    endsAt: schedule.endsAt === null ? null : new Date(schedule.endsAt),
    missed: JSON.stringify(schedule.missed),
    args: schedule.args === null ? null : JSON.stringify(schedule.args),
    parameters: schedule.parameters === null ? null : JSON.stringify(schedule.parameters),
    nextSlot: cell(next?.slot),
    nextDueAt: cell(next?.dueAt),
    createdAt: new Date(schedule.createdAt),
    updatedAt: new Date(schedule.updatedAt),
  };
}

function cell(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value);
}

function toSlot(row: SlotRow): Slot {
  return {
    scheduleId: stored<ScheduleId>(row.scheduleId),
    slot: Number(row.slot),
    state: stored<SlotState>(row.state),
    runId: row.runId === null ? null : stored<RunId>(row.runId),
    why: row.why,
    count: row.count,
    at: row.at.getTime(),
  };
}
