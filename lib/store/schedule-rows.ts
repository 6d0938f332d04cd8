import type { JobId, ScheduleId } from "@/lib/domain/ids";
import type { ParameterValues } from "@/lib/domain/parameters";
import type {
  DaysOff,
  Missed,
  NextSlot,
  Overlap,
  Schedule,
  ScheduleWhen,
  SlotMode,
} from "@/lib/domain/schedule";
import { NO_DAYS_OFF } from "@/lib/domain/schedule";
import type { Schedule as Row } from "./generated/client";
import { json, reading, stored } from "./stored";

/** @throws AppError ROW_UNREADABLE */
export function toSchedule(row: Row): Schedule {
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

export function fromSchedule(schedule: Schedule, next: NextSlot | null): Row {
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
    nextSlot: slotCell(next?.slot),
    nextDueAt: slotCell(next?.dueAt),
    createdAt: new Date(schedule.createdAt),
    updatedAt: new Date(schedule.updatedAt),
  };
}

/** Of the columns for the next time. */
export function slotCell(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value);
}
