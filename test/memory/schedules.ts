import type { ScheduleId } from "@/lib/domain/ids";
import type { PlannedSchedule, Schedules, SlotKey } from "@/lib/domain/ports/schedules";
import type { NextSlot, Schedule, Slot } from "@/lib/domain/schedule";
import { type Tables, withEntry, withoutEntry, writeAudit } from "./tables";

const keyOf = ({ scheduleId, slot }: SlotKey) => `${scheduleId} ${slot}`;
const isOpen = ({ state }: Slot) => state === "due" || state === "waiting";

export function schedulePorts(tables: Tables, newScheduleId: Schedules["newScheduleId"]): Schedules {
  const put = (schedule: Schedule, next: NextSlot | null) => {
    tables.schedules = withEntry(tables.schedules, schedule.id, { schedule, next });
  };
  const all = () => [...tables.schedules.values()].filter(({ schedule }) => tables.jobs.has(schedule.jobId));
  const slotsOf = (id: ScheduleId) =>
    [...tables.slots.values()].filter(({ scheduleId }) => scheduleId === id);
  const byNext = (one: PlannedSchedule, other: PlannedSchedule) =>
    (one.next?.dueAt ?? Number.POSITIVE_INFINITY) - (other.next?.dueAt ?? Number.POSITIVE_INFINITY) ||
    (one.schedule.id < other.schedule.id ? -1 : 1);
  return {
    newScheduleId,
    insertSchedule: async (schedule, next, audit) => {
      if (!tables.jobs.has(schedule.jobId)) return null;
      put(schedule, next);
      writeAudit(tables, audit, schedule.createdAt);
      return schedule;
    },
    updateSchedule: async (id, version, change, audit, now) => {
      const before = tables.schedules.get(id)?.schedule;
      if (before === undefined) return null;
      if (before.version !== version) return { ok: false, schedule: before };
      const { schedule, next } = change(before);
      put(schedule, next);
      for (const slot of slotsOf(id).filter(isOpen))
        tables.slots = withEntry(tables.slots, keyOf(slot), {
          ...slot,
          ...{ state: "skipped", why: "The schedule was changed before it came to that.", at: now },
        });
      writeAudit(tables, audit, now);
      return { ok: true, schedule };
    },
    deleteSchedule: async (id, audit, now) => {
      const schedule = tables.schedules.get(id)?.schedule;
      if (schedule === undefined) return null;
      for (const slot of slotsOf(id)) tables.slots = withoutEntry(tables.slots, keyOf(slot));
      tables.schedules = withoutEntry(tables.schedules, id);
      writeAudit(tables, audit(schedule), now);
      return schedule;
    },
    findSchedule: async (id) => tables.schedules.get(id) ?? null,
    listSchedules: async ({ jobId, jobs }) =>
      all()
        .filter(
          ({ schedule: { jobId: its } }) =>
            (jobId === null || its === jobId) && (jobs?.includes(its) ?? true),
        )
        .sort(byNext),
    findNextDue: async () => all().sort(byNext)[0]?.next?.dueAt ?? null,
    listDue: async (now, limit) =>
      all()
        .flatMap(({ schedule, next }) => (next === null || next.dueAt > now ? [] : [{ schedule, next }]))
        .sort((one, other) => one.next.dueAt - other.next.dueAt)
        .slice(0, limit),
    takeSlots: async ({ id, version }, expected, taken, next, now) => {
      const known = tables.schedules.get(id);
      if (known?.schedule.version !== version || known.next?.slot !== expected.slot) return false;
      put(known.schedule, next);
      for (const { slot, state, why, count, audit } of taken) {
        const entry: Slot = { scheduleId: id, slot, state, runId: null, why, count, at: now };
        if (!tables.slots.has(keyOf(entry))) tables.slots = withEntry(tables.slots, keyOf(entry), entry);
        if (audit !== null) writeAudit(tables, audit, now);
      }
      return true;
    },
    settleSlot: async (key, { state, why }, audit, now) => {
      const slot = tables.slots.get(keyOf(key));
      if (slot === undefined || !isOpen(slot) || slot.state === state) return false;
      tables.slots = withEntry(tables.slots, keyOf(key), { ...slot, state, why, at: now });
      writeAudit(tables, audit, now);
      return true;
    },
    listOpenSlots: async (jobId) =>
      [...tables.slots.values()]
        .filter(isOpen)
        .flatMap((slot) => {
          const schedule = tables.schedules.get(slot.scheduleId)?.schedule;
          return schedule === undefined || (jobId !== null && schedule.jobId !== jobId)
            ? []
            : [{ schedule, slot }];
        })
        .sort((one, other) => one.slot.slot - other.slot.slot),
    hasWaitingSlot: async (id) => slotsOf(id).some(({ state }) => state === "waiting"),
    listNewestSlots: async (ids) =>
      ids.flatMap((id) => {
        const [newest] = slotsOf(id).sort((one, other) => other.slot - one.slot);
        return newest === undefined ? [] : [newest];
      }),
    listSlots: async (id, before, limit) =>
      slotsOf(id)
        .filter(({ slot }) => before === null || slot < before)
        .sort((one, other) => other.slot - one.slot)
        .slice(0, limit),
  };
}
