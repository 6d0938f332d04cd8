import { AppError } from "@/lib/domain/errors";
import type { ScheduleId } from "@/lib/domain/ids";
import type { PlannedSchedule } from "@/lib/domain/ports/schedules";
import { jitterOf, type NextSlot, type Schedule, type Timing } from "@/lib/domain/schedule";
import { timesOf } from "@/lib/schedules/times";

/** The next time after that moment, with its jitter; null: none will come. */
export function nextSlot(schedule: Schedule, after: number, next = timesOf(schedule)): NextSlot | null {
  const slot = next(after);
  return slot === null ? null : { slot, dueAt: slot + jitterOf(schedule.id, slot, schedule.jitterMs) };
}

/** From one of its times to the next; null: there is no next one. */
export function intervalAfter(schedule: Schedule, of: NextSlot | undefined): number | null {
  const next = of === undefined ? null : nextSlot(schedule, of.slot);
  return next === null || of === undefined ? null : next.slot - of.slot;
}

/** From now on: times of before do not count. One that is not enabled has none. */
export function planFrom(schedule: Schedule, now: number): PlannedSchedule {
  return { schedule, next: schedule.enabled ? nextSlot(schedule, now) : null };
}

/** @throws AppError SCHEDULE_REFUSED: it cannot be read, or nothing will ever come of it */
export function refuseIdle(timing: Timing, now: number): void {
  if (timesOf(timing)(now) !== null) return;
  const { when, endsAt } = timing;
  const what = when.by === "cron" ? `"${when.expression}"` : "this interval";
  const why = endsAt !== null && endsAt <= now ? "it has ended already" : "no day of the next 30 years fits";
  const message = `Expected a schedule with at least one time; ${what} has none: ${why}. Check the days, the days off and the end.`;
  throw new AppError("SCHEDULE_REFUSED", message, { field: "when" });
}

export function scheduleNotFound(id: ScheduleId): AppError {
  return new AppError("SCHEDULE_NOT_FOUND", `There is no schedule ${id}.`, { schedule: id });
}
