import type { JobId, ScheduleId } from "../ids";
import type { NextSlot, Schedule, Slot, SlotState } from "../schedule";
import type { AuditEntry } from "./audit";

export type ScheduleFilter = {
  readonly jobId: JobId | null;
  /** Of these jobs only, as far as who asks may see them; undefined: of all. */
  readonly jobs?: readonly JobId[] | undefined;
};

/** `next`: null where none will come, and while it is not enabled. */
export type PlannedSchedule = { readonly schedule: Schedule; readonly next: NextSlot | null };
export type DueSchedule = { readonly schedule: Schedule; readonly next: NextSlot };
export type ScheduleChange = { readonly ok: boolean; readonly schedule: Schedule };

export type SlotKey = { readonly scheduleId: ScheduleId; readonly slot: number };
export type TakenSlot = Pick<Slot, "slot" | "why" | "count"> & {
  readonly state: SlotState;
  readonly audit: AuditEntry | null;
};
export type OpenSlot = { readonly schedule: Schedule; readonly slot: Slot };

export type Schedules = {
  newScheduleId(now: number): ScheduleId;
  /** @returns null: there is no such job */
  insertSchedule(schedule: Schedule, next: NextSlot | null, audit: AuditEntry): Promise<Schedule | null>;
  /** @param change sees it as it is in the transaction that writes it @returns null: there is none; `ok: false`: it was changed meanwhile */
  updateSchedule(
    id: ScheduleId,
    version: number,
    change: (schedule: Schedule) => PlannedSchedule,
    audit: AuditEntry,
    now: number,
  ): Promise<ScheduleChange | null>;
  deleteSchedule(
    id: ScheduleId,
    audit: (schedule: Schedule) => AuditEntry,
    now: number,
  ): Promise<Schedule | null>;
  findSchedule(id: ScheduleId): Promise<PlannedSchedule | null>;
  /** By the next time, those without one last. */
  listSchedules(filter: ScheduleFilter): Promise<readonly PlannedSchedule[]>;
  /** When the next of all is due, in epoch milliseconds; null: none will be. */
  findNextDue(): Promise<number | null>;
  /** Those that are due by then, the oldest first. */
  listDue(now: number, limit: number): Promise<readonly DueSchedule[]>;
  /** Each time can be taken once. @returns false: another has taken it, or the schedule was changed; nothing is written then */
  takeSlots(
    schedule: Pick<Schedule, "id" | "version">,
    expected: NextSlot,
    slots: readonly TakenSlot[],
    next: NextSlot | null,
    now: number,
  ): Promise<boolean>;
  /** @returns false: that was decided already */
  settleSlot(
    key: SlotKey,
    as: { readonly state: SlotState; readonly why: string },
    audit: AuditEntry,
    now: number,
  ): Promise<boolean>;
  /** Taken and not decided, or waiting; oldest first. @param jobId null: of all jobs */
  listOpenSlots(jobId: JobId | null): Promise<readonly OpenSlot[]>;
  hasWaitingSlot(id: ScheduleId): Promise<boolean>;
  /** The newest of each, in no order; none for one that has none. */
  listNewestSlots(ids: readonly ScheduleId[]): Promise<readonly Slot[]>;
  /** Newest first. @param before a slot; null: from the newest on */
  listSlots(id: ScheduleId, before: number | null, limit: number): Promise<readonly Slot[]>;
};
