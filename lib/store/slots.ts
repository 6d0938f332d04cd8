import type { JobId, RunId, ScheduleId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { OpenSlot, SlotKey, TakenSlot } from "@/lib/domain/ports/schedules";
import type { NextSlot, Schedule, Slot, SlotState } from "@/lib/domain/schedule";
import { writeAudit } from "./audit";
import type { Slot as Row, Schedule as ScheduleRow } from "./generated/client";
import { slotCell, toSchedule } from "./schedule-rows";
import { anyOf } from "./sql";
import type { Reads, Statements } from "./statements";
import { stored } from "./stored";
import type { Store } from "./transaction";

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
      UPDATE "Schedule" SET "nextSlot" = ${slotCell(next?.slot)}, "nextDueAt" = ${slotCell(next?.dueAt)}
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
  const rows = store.look.all<Row>`
    SELECT * FROM "Slot" WHERE "state" IN ${anyOf(OPEN)} ORDER BY "slot", "scheduleId"`;
  return rows.flatMap((row) => {
    const found = store.look.one<ScheduleRow>`SELECT * FROM "Schedule" WHERE "id" = ${row.scheduleId}`;
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
  const rows = store.look.all<Row>`
    SELECT * FROM "Slot" WHERE "scheduleId" = ${id} AND "slot" < ${BigInt(before ?? Number.MAX_SAFE_INTEGER)}
    ORDER BY "slot" DESC LIMIT ${limit}`;
  return rows.map(toSlot);
}

/** The newest of each, in no order. */
export async function listNewestSlots(store: Store, ids: readonly ScheduleId[]): Promise<readonly Slot[]> {
  // CROSS: schedules first, whose newest slot is the end of an index; the other way round all slots would be read.
  const rows = store.look.all<Row>`
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

export function dropOpenSlots(db: Statements, id: ScheduleId, why: string, now: number): void {
  db.change`
    UPDATE "Slot" SET "state" = 'skipped', "why" = ${why}, "at" = ${new Date(now)}
    WHERE "scheduleId" = ${id} AND "state" IN ${anyOf(OPEN)}`;
}

function toSlot(row: Row): Slot {
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
